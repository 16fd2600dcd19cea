package org.bucketkeeper.examples.admin;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.bucketkeeper.config.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may do what: everybody may look, whoever knows the token may change something, and no page of another site
 * may use an operator's browser for it.
 */
final class Visitors {

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
    private static final String BEARER = "Bearer ";

    private final AdminSettings settings;

    Visitors(AdminSettings settings) {
        this.settings = settings;
    }

    /** Lets a request pass, or answers it. */
    void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (settings.isLoopback() && !namesThisMachine(request)) {
            // A foreign name that was made to point here would otherwise open the API to that name's pages.
            AdminApi.fail(context, 403, "forbidden_host", "ask for localhost; this server is for this machine only");
        } else if (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)) {
            context.next();
        } else if (comesFromAnotherSite(request)) {
            AdminApi.fail(context, 403, "forbidden_origin", "a page of another site may change nothing here");
        } else if (!knowsTheToken(request)) {
            context.response().putHeader("www-authenticate", "Bearer");
            AdminApi.fail(context, 401, "unauthorized", "send the token: Authorization: Bearer TOKEN");
        } else {
            context.next();
        }
    }

    boolean knowsTheToken(HttpServerRequest request) {
        Secret token = settings.token();
        if (token == null) {
            return true;
        }
        String header = request.getHeader("authorization");
        return header != null && header.startsWith(BEARER) && same(token.reveal(), header.substring(BEARER.length()));
    }

    /** Takes the same time wherever the two differ. */
    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean namesThisMachine(HttpServerRequest request) {
        HostAndPort host = request.authority();
        return host != null && THIS_MACHINE.contains(host.host());
    }

    private static boolean comesFromAnotherSite(HttpServerRequest request) {
        String site = request.getHeader("sec-fetch-site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = request.getHeader("origin");
        return origin != null && !isOwn(origin, request.getHeader("host"));
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        try {
            return host != null && host.equalsIgnoreCase(new URI(origin).getRawAuthority());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
