package org.bucketkeeper.examples.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.routing.NoOwnerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers over HTTP: who serves a base, how many rows it has, and the page. */
final class WebApi {

    private static final Logger LOG = LoggerFactory.getLogger(WebApi.class);

    private static final List<String> ASSETS =
            List.of("page.css", "base.js", "connection.js", "index.js", "outbox.js", "sheet.js", "uuid.js", "icon.svg");

    /** A bucket without an owner gets one within moments, if there is a monitor and a server. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private final ServerLookup servers;
    private final @Nullable InternalCalls calls;

    /**
     * Creates the API.
     *
     * @param calls null if no proxy is configured
     */
    WebApi(ServerLookup servers, @Nullable InternalCalls calls) {
        this.servers = servers;
        this.calls = calls;
    }

    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.get("/ping/")
                .handler(request -> request.response()
                        .putHeader("Content-Type", "text/plain")
                        .end("pong"));
        router.get("/api/v1/dtables/:uuid/server/")
                .handler(request -> answer(request, () -> Future.succeededFuture(server(uuid(request)))));
        router.get("/api/v1/dtables/:uuid/count/").handler(request -> answer(request, () -> count(uuid(request))));
        Page index = Page.read("index.html");
        Page base = Page.read("base.html");
        router.get("/").handler(request -> index.send(request.response()));
        router.get("/dtable/:uuid/").handler(request -> showBase(request, base));
        for (String asset : ASSETS) {
            Page file = Page.read(asset);
            router.get("/assets/" + asset).handler(request -> file.send(request.response()));
        }
        router.route()
                .handler(request -> fail(
                        request,
                        new ApiException(404, "not_found", "there is nothing at " + request.normalizedPath())));
        return router;
    }

    private JsonNode server(String uuid) {
        try {
            return servers.find(uuid);
        } catch (NoOwnerException e) {
            throw ApiException.noOwner(e);
        }
    }

    private Future<JsonNode> count(String uuid) {
        if (calls == null) {
            throw new ApiException(503, "no_proxy", WebSettings.PROXY_URL + " does not name a proxy");
        }
        return calls.count(uuid);
    }

    private void showBase(RoutingContext request, Page base) {
        try {
            uuid(request);
            base.send(request.response());
        } catch (ApiException e) {
            fail(request, e);
        }
    }

    /** Returns the UUID in the path as 32 lower-case hex digits. */
    private static String uuid(RoutingContext request) {
        String text = request.pathParam("uuid");
        try {
            Bucket.indexOf(text);
        } catch (IllegalArgumentException e) {
            throw ApiException.badUuid(e);
        }
        return text.replace("-", "").toLowerCase(Locale.ROOT);
    }

    /** Something that is asked for, and may be refused at once. */
    @FunctionalInterface
    private interface Question {

        Future<JsonNode> ask();
    }

    private static void answer(RoutingContext request, Question question) {
        Future.succeededFuture()
                .compose(now -> question.ask())
                .onSuccess(json -> send(request.response(), json))
                .onFailure(failure -> fail(request, failure));
    }

    private static void fail(RoutingContext request, Throwable failure) {
        ApiException refusal;
        if (failure instanceof ApiException known) {
            refusal = known;
        } else {
            LOG.warn("A request for {} failed", request.normalizedPath(), failure);
            refusal = new ApiException(500, "internal_error", "dtable-web failed; its log says how");
        }
        HttpServerResponse response = request.response().setStatusCode(refusal.status());
        if (refusal.status() == 503) {
            response.putHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        send(response, refusal.json());
    }

    private static void send(HttpServerResponse response, JsonNode json) {
        response.putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(json.toString());
    }
}
