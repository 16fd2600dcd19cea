package org.bucketkeeper.examples.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.examples.program.Listener;
import org.bucketkeeper.examples.program.Program;
import org.bucketkeeper.routing.BucketRouter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running dtable-web. It looks bases up in the cluster's table, of which it is told in real time, and goes on with the
 * last one it knows while the store is away.
 */
public final class DtableWeb implements Program {

    private static final Logger LOG = LoggerFactory.getLogger(DtableWeb.class);
    private static final int IDLE_SECONDS = 75;
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);

    /** Longer than the 10 s for which a proxy holds calls during a hand-over. */
    private static final Duration CALL_BOUND = Duration.ofSeconds(15);

    private static final Duration PATIENCE_WITH_STORE = Duration.ofSeconds(5);

    private final WebSettings settings;
    private final String place;
    private final @Nullable BucketRouter router;
    private final @Nullable InternalCalls calls;
    private final HttpServer http;
    private final int port;
    private @Nullable CompletionStage<Void> stopped;

    private DtableWeb(
            Vertx vertx, WebSettings settings, String place, ServerLookup servers, @Nullable BucketRouter router) {
        this.settings = settings;
        this.place = place;
        this.router = router;
        URI proxy = settings.proxyUrl();
        this.calls = proxy == null ? null : new InternalCalls(vertx, proxy, CALL_BOUND);
        this.http = vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS))
                .requestHandler(new WebApi(servers, calls).router(vertx));
        this.port = Listener.listen(http, settings.host(), settings.port());
    }

    /**
     * Starts dtable-web in a cluster; blocks until the port is open and, for a moment, until the table was read.
     *
     * @param connection stays the caller's to close, after the program
     * @throws org.bucketkeeper.examples.program.ProgramException if it does not start
     */
    static DtableWeb start(Vertx vertx, ClusterConnection connection, WebSettings settings) {
        BucketRouter router = connection.roles().router();
        try {
            awaitTable(router, connection);
            return new DtableWeb(vertx, settings, connection.toString(), ServerLookup.in(router), router);
        } catch (RuntimeException e) {
            router.close();
            throw e;
        }
    }

    /**
     * Starts dtable-web for the one server that the settings name.
     *
     * @throws org.bucketkeeper.examples.program.ProgramException if it does not start
     */
    static DtableWeb startAlone(Vertx vertx, WebSettings settings) {
        URI serverUrl = Objects.requireNonNull(settings.serverUrl(), WebSettings.SERVER_URL);
        return new DtableWeb(
                vertx, settings, "without a cluster, server " + serverUrl, ServerLookup.alone(serverUrl), null);
    }

    /** The store may come later: until then nobody serves anything, and that is what is answered. */
    private static void awaitTable(BucketRouter router, ClusterConnection connection) {
        try {
            router.awaitReady(PATIENCE_WITH_STORE);
        } catch (TimeoutException e) {
            LOG.warn("Nothing was heard of {} yet; trying on", connection);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the port that it listens on. */
    public int port() {
        return port;
    }

    @Override
    public String startLine() {
        return "dtable-web on " + settings.host() + ":" + port + ", " + place
                + (settings.proxyUrl() == null ? "" : ", internal calls to " + settings.proxyUrl());
    }

    @Override
    public synchronized CompletionStage<Void> stop() {
        if (stopped == null) {
            stopped = http.shutdown(LONGEST_REQUEST)
                    .transform(shut -> calls == null ? Future.<Void>succeededFuture() : calls.close())
                    .onComplete(done -> {
                        if (router != null) {
                            router.close();
                        }
                    })
                    .toCompletionStage();
        }
        return stopped;
    }
}
