package org.bucketkeeper.etcd;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where one etcd member takes its clients' connections.
 *
 * @param host a host name or an IP address; an IPv6 address without brackets
 * @param port the TCP port, 1 to 65535
 */
record Endpoint(String host, int port) {

    private static final int DEFAULT_PORT = 2379;

    /** A host without colons or slashes, or an IPv6 address in brackets; then, if wanted, a port. */
    private static final Pattern FORM =
            Pattern.compile("(?:\\[(?<ipv6>[0-9a-fA-F:.]+)]|(?<host>[^\\s:/,@\\[\\]]+))(?::(?<port>[0-9]{1,5}))?");

    static Endpoint parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw invalid(text);
        }
        String ipv6 = matcher.group("ipv6");
        String portText = matcher.group("port");
        int port = portText == null ? DEFAULT_PORT : Integer.parseInt(portText);
        if (port < 1 || port > 65535) {
            throw invalid(text);
        }
        return new Endpoint(ipv6 == null ? matcher.group("host") : ipv6, port);
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("endpoint must be host:port with a port from 1 to 65535, such as"
                + " etcd-01:2379 or [fd00::1]:2379, without a scheme or a path, but was: " + text);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
