package org.bucketkeeper.config;

/**
 * Names a server's address; the name is not looked up.
 *
 * @param host a host name or an IP address; an IPv6 address stands here without its brackets
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {

    static final int MAX_PORT = 65535;

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if the host is empty or the port outside its range
     */
    public Endpoint {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host must not be empty");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 1 to " + MAX_PORT + ", but is " + port);
        }
    }

    /**
     * Reads an endpoint as operators write it: {@code host}, {@code host:port}, {@code [IPv6]} or {@code [IPv6]:port},
     * perhaps with {@code http://} before it.
     *
     * @param defaultPort the port if the text names none
     * @throws IllegalArgumentException if it is anything else; the message shows the text
     */
    public static Endpoint parse(String text, int defaultPort) {
        EndpointText parsed = EndpointText.parse(text, defaultPort);
        if (parsed == null || "https".equals(parsed.scheme())) {
            throw new IllegalArgumentException("must be host or host:port, but is \"" + text + "\"");
        }
        return parsed.endpoint();
    }

    /** Returns {@code host:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
