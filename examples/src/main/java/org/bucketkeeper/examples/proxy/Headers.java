package org.bucketkeeper.examples.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers go through the proxy: all but those that are about one connection (RFC 9110, section 7.6.1). */
final class Headers {

    static final String FORWARDED_FOR = "X-Forwarded-For";
    static final String FORWARDED_PROTO = "X-Forwarded-Proto";
    static final String FORWARDED_HOST = "X-Forwarded-Host";

    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** A sender that lists these in {@code Connection} would cut the request off from its body or its base. */
    private static final Set<String> NEVER_HOP_BY_HOP = Set.of("content-length", "host");

    private static final CharSequence TRAILERS = HttpHeaders.createOptimized("trailers");

    private Headers() {}

    /** Copies what a server is to see of a request; what frames its body is the caller's to add. */
    static void copyRequest(HttpServerRequest request, MultiMap to) {
        copy(request.headers(), to);
        to.remove(HttpHeaders.HOST);
        to.remove(HttpHeaders.EXPECT);
        to.remove("Trailer");
        if (listed(request.headers(), "TE").contains("trailers")) {
            to.set("TE", TRAILERS);
            to.set(HttpHeaders.CONNECTION, "TE");
        }
        String client = request.remoteAddress().hostAddress();
        List<String> earlier = to.getAll(FORWARDED_FOR);
        to.set(FORWARDED_FOR, earlier.isEmpty() ? client : String.join(", ", earlier) + ", " + client);
        if (!to.contains(FORWARDED_PROTO)) {
            to.set(FORWARDED_PROTO, request.scheme());
        }
        String host = request.getHeader(HttpHeaders.HOST);
        if (host != null && !to.contains(FORWARDED_HOST)) {
            to.set(FORWARDED_HOST, host);
        }
    }

    /** Copies all headers of a message but those about its connection. */
    static void copy(MultiMap from, MultiMap to) {
        Set<String> dropped = new HashSet<>(listed(from, "Connection"));
        dropped.removeAll(NEVER_HOP_BY_HOP);
        dropped.addAll(HOP_BY_HOP);
        for (Map.Entry<String, String> header : from) {
            if (!dropped.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    /** Returns the members of a header that is a comma-separated list, in lower case. */
    static Set<String> listed(MultiMap headers, String name) {
        Set<String> members = new HashSet<>();
        for (String value : headers.getAll(name)) {
            for (String member : value.split(",", -1)) {
                members.add(member.strip().toLowerCase(Locale.ROOT));
            }
        }
        return members;
    }
}
