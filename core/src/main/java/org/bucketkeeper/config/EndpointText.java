package org.bucketkeeper.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as operators write it: {@code host}, {@code host:port}, {@code [IPv6]} or {@code [IPv6]:port}, perhaps
 * with {@code http://} or {@code https://} before it and then perhaps a slash after it.
 *
 * @param scheme {@code http} or {@code https}; null if none stands there
 * @param endpoint what is meant
 */
record EndpointText(@Nullable String scheme, Endpoint endpoint) {

    private static final Pattern WHOLE =
            Pattern.compile("(?:(https?)://)?(\\[[^\\[\\]]*]|[^:/\\[\\]]+)(?::([0-9]{1,5}))?(/?)");

    /** Underscores are in no host name by the book, but in many container names. */
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,252}");

    /** Returns what the text means, or null if it is no endpoint. */
    static @Nullable EndpointText parse(String text, int defaultPort) {
        Matcher whole = WHOLE.matcher(text);
        if (!whole.matches()) {
            return null;
        }
        String scheme = whole.group(1);
        String host = parseHost(whole.group(2));
        int port = whole.group(3) == null ? defaultPort : Integer.parseInt(whole.group(3));
        boolean slashWithoutScheme = scheme == null && !whole.group(4).isEmpty();
        if (host == null || port < 1 || port > Endpoint.MAX_PORT || slashWithoutScheme) {
            return null;
        }
        return new EndpointText(scheme, new Endpoint(host, port));
    }

    /** Returns the host that the text names, an IPv6 address without its brackets, or null if it is no host. */
    static @Nullable String parseHost(String text) {
        if (HOST_NAME.matcher(text).matches()) {
            return text;
        }
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String address = bracketed ? text.substring(1, text.length() - 1) : text;
        return isIpv6(address) ? address : null;
    }

    private static boolean isIpv6(String address) {
        try {
            return address.indexOf(':') >= 0 && new URI("http://[" + address + "]").getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
