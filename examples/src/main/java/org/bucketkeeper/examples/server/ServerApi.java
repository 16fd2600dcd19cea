package org.bucketkeeper.examples.server;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bucketkeeper.bucket.Bucket;

/**
 * Serves bases over HTTP and WebSocket. Every request gets a permit first, or is refused with whom to ask before
 * anything ran and before its body is read; the permit stays open until there is an answer, and is always closed.
 */
final class ServerApi {

    static final int MOST_BODY_BYTES = 1 << 20;

    private static final List<String> PREFIXES = List.of("", "/dtable-server");
    private static final List<String> BASES =
            List.of("/api/v1/dtables/:uuid", "/api/v1/internal/dtables/:uuid", "/api/v2/dtables/:uuid");
    private static final List<String> SOCKETS = List.of("/ws", "/socket.io");

    /** A hand-over waits for open permits: nobody may hold one by sending a body slowly. */
    private static final long BODY_MILLIS = 10_000;

    private static final long LINGER_MILLIS = 5_000;

    private final Vertx vertx;
    private final BaseAccess access;
    private final Bases bases;
    private final String nodeId;
    private final Duration maxWait;
    private final Supplier<String> status;
    private volatile boolean closing;

    /**
     * Creates the API.
     *
     * @param nodeId what sockets are told that they are connected to
     * @param maxWait how long requests wait for a bucket that this server is about to own
     * @param status what to answer to those who ask how the server is, as JSON
     */
    ServerApi(Vertx vertx, BaseAccess access, Bases bases, String nodeId, Duration maxWait, Supplier<String> status) {
        this.vertx = vertx;
        this.access = access;
        this.bases = bases;
        this.nodeId = nodeId;
        this.maxWait = maxWait;
        this.status = status;
    }

    /** Returns what answers requests. */
    Router router() {
        Router router = Router.router(vertx);
        router.route()
                .handler(CorsHandler.create()
                        .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.OPTIONS))
                        .allowedHeaders(Set.of("deviceType", "token", "authorization", "content-type")));
        router.route().handler(this::closeConnectionsAtTheEnd);
        for (String prefix : PREFIXES) {
            get(
                    router,
                    prefix + "/ping",
                    routing -> routing.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                            .end("pong"));
            for (String base : BASES) {
                get(router, prefix + base, routing -> answer(routing, this::read));
                get(router, prefix + base + "/count", routing -> answer(routing, this::count));
                router.post(prefix + base + "/rows").handler(routing -> answer(routing, this::append));
                router.post(prefix + base + "/rows/").handler(routing -> answer(routing, this::append));
            }
            SOCKETS.forEach(path -> get(router, prefix + path, this::upgrade));
        }
        get(router, "/status", routing -> succeed(routing, status.get()));
        router.route()
                .handler(routing -> refuse(
                        routing,
                        new ApiException(404, "not_found", "there is nothing at " + routing.normalizedPath())));
        return router;
    }

    /** Routes a path with and without a slash at its end. */
    private static void get(Router router, String path, Handler<RoutingContext> handler) {
        router.get(path).handler(handler);
        router.get(path + "/").handler(handler);
    }

    /** Lets clients know with every answer that the connection ends, so that nobody is surprised by its end. */
    void closeConnections() {
        closing = true;
    }

    private void closeConnectionsAtTheEnd(RoutingContext routing) {
        if (closing) {
            closeAfterwards(routing);
        }
        routing.next();
    }

    private Future<String> read(RoutingContext routing, BaseAccess.Permit permit) {
        long start = number(routing, "start", 0);
        long limit = number(routing, "limit", Long.MAX_VALUE);
        return open(routing, permit).map(base -> RowJson.base(base.uuid(), base.page(start, limit)));
    }

    private Future<String> count(RoutingContext routing, BaseAccess.Permit permit) {
        return open(routing, permit).map(base -> "{\"count\":" + base.count() + "}");
    }

    private Future<String> append(RoutingContext routing, BaseAccess.Permit permit) {
        Context context = vertx.getOrCreateContext();
        return body(routing.request()).compose(body -> {
            List<NewRow> rows = RowJson.rows(RowJson.object(body.toString(StandardCharsets.UTF_8)));
            return Future.fromCompletionStage(bases.append(permit, uuid(routing), rows), context)
                    .map(RowJson::saved);
        });
    }

    /** Gives the base under a permit that still holds when it is there. */
    private Future<Base> open(RoutingContext routing, BaseAccess.Permit permit) {
        return Future.fromCompletionStage(bases.open(permit, uuid(routing)), vertx.getOrCreateContext())
                .map(base -> {
                    if (!permit.isValid()) {
                        throw ApiException.notOwner(access.refusal(permit.bucket()));
                    }
                    return base;
                });
    }

    private void upgrade(RoutingContext routing) {
        Context context = vertx.getOrCreateContext();
        HttpServerRequest request = routing.request();
        if (!request.canUpgradeToWebSocket()) {
            refuse(
                    routing,
                    new ApiException(ApiException.UPGRADE_REQUIRED, "not_a_websocket", "ask for a WebSocket here"));
            return;
        }
        underPermit(routing, permit -> {
            long start = number(routing, "start", 0);
            return open(routing, permit)
                    .compose(base -> request.toWebSocket().map(webSocket -> {
                        new BaseSocket(vertx, context, webSocket, base, access, bases, nodeId, maxWait).open(start);
                        return base;
                    }));
        });
    }

    private void answer(
            RoutingContext routing, BiFunction<RoutingContext, BaseAccess.Permit, Future<String>> question) {
        underPermit(routing, permit -> question.apply(routing, permit).onSuccess(json -> succeed(routing, json)));
    }

    /** Runs {@code work} under a permit, which is closed when it is done, and answers if it fails. */
    private void underPermit(RoutingContext routing, Function<BaseAccess.Permit, Future<?>> work) {
        // Until there is a permit nothing is read, so that a client that waits for "100 Continue" keeps its body.
        routing.request().pause();
        Future.succeededFuture()
                .compose(now ->
                        Future.fromCompletionStage(access.enter(uuid(routing), maxWait), vertx.getOrCreateContext()))
                .compose(permit -> Future.succeededFuture(permit)
                        .<Object>compose(entered -> work.apply(entered).map(done -> done))
                        .onComplete(done -> permit.close()))
                .onFailure(failure -> refuse(routing, ApiException.of(failure)));
    }

    private Future<Buffer> body(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && (length.length() > 7 || Long.parseLong(length) > MOST_BODY_BYTES)) {
            return Future.failedFuture(tooLarge());
        }
        Promise<Buffer> body = Promise.promise();
        Buffer received = Buffer.buffer();
        request.handler(part -> {
            if (received.length() + part.length() > MOST_BODY_BYTES) {
                body.tryFail(tooLarge());
            } else {
                received.appendBuffer(part);
            }
        });
        request.endHandler(end -> body.tryComplete(received));
        request.exceptionHandler(body::tryFail);
        long timer = vertx.setTimer(
                BODY_MILLIS,
                late -> body.tryFail(new ApiException(
                        ApiException.TIMEOUT, "body_too_slow", "the body took more than " + BODY_MILLIS + " ms")));
        if (expectsContinue(request)) {
            request.response().writeContinue();
        }
        request.resume();
        return body.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private static ApiException tooLarge() {
        return new ApiException(
                ApiException.TOO_LARGE, "body_too_large", "the body must have at most " + MOST_BODY_BYTES + " bytes");
    }

    private static void succeed(RoutingContext routing, String json) {
        end(routing, 200, json);
    }

    private void refuse(RoutingContext routing, ApiException refusal) {
        HttpServerRequest request = routing.request();
        if (refusal.status() == ApiException.UNAVAILABLE) {
            routing.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        if (!request.isEnded() && expectsContinue(request)) {
            // Nobody knows whether the client still sends the body, so nothing can follow on this connection.
            closeAfterwards(routing);
        } else if (refusal.status() == ApiException.TOO_LARGE || refusal.status() == ApiException.TIMEOUT) {
            closeLater(routing);
        }
        end(routing, refusal.status(), refusal.json());
        if (!request.isEnded()) {
            request.resume();
        }
    }

    private static void end(RoutingContext routing, int status, String json) {
        HttpServerResponse response = routing.response();
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(json);
        }
    }

    private static void closeAfterwards(RoutingContext routing) {
        routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        routing.addEndHandler(end -> routing.request().connection().close());
    }

    /** Lets a client that sends without end finish for a while: one whose connection is cut may not read its answer. */
    private void closeLater(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        long timer = vertx.setTimer(LINGER_MILLIS, late -> request.connection().close());
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            request.connection().close();
        });
    }

    private static boolean expectsContinue(HttpServerRequest request) {
        return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
    }

    /**
     * Returns the base's UUID from the path or the query, undashed and in lower case.
     *
     * @throws ApiException if there is none, or it is none
     */
    private static String uuid(RoutingContext routing) {
        String inPath = routing.pathParam("uuid");
        String text = inPath != null ? inPath : routing.request().getParam("dtable_uuid");
        if (text == null) {
            throw new ApiException(ApiException.BAD_REQUEST, "bad_uuid", "the query must name a base: dtable_uuid=...");
        }
        try {
            Bucket.of(text);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ApiException.BAD_REQUEST, "bad_uuid", String.valueOf(e.getMessage()));
        }
        return text.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static long number(RoutingContext routing, String name, long unset) {
        String text = routing.request().getParam(name);
        if (text == null) {
            return unset;
        }
        if (!text.matches("\\d{1,18}")) {
            throw new ApiException(
                    ApiException.BAD_REQUEST,
                    "bad_" + name,
                    name + " must be a whole number from 0, but is " + RowJson.quoted(text));
        }
        return Long.parseLong(text);
    }
}
