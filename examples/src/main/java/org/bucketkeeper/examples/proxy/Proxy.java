package org.bucketkeeper.examples.proxy;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.examples.program.Listener;
import org.bucketkeeper.examples.program.Program;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.routing.BucketRouter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards each request about a base to the server that owns it. During a hand-over a request that certainly did not run
 * is held and sent again; one that may have run never is.
 *
 * <p>Knows the owners from the cluster's table, of which it is told in real time; goes on with the last one it knows
 * while the store is away.
 */
public final class Proxy implements Program {

    private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);

    /** Shorter than the 75 s for which servers keep an idle connection, so that it is never they who close it. */
    private static final int KEEP_ALIVE_SECONDS = 30;

    private static final int LONGEST_HEAD = 64 * 1024;
    private static final Duration PATIENCE_WITH_STORE = Duration.ofSeconds(5);
    private static final Set<String> PING = Set.of("/ping", "/ping/");

    private final ProxyParts parts;
    private final HttpServer server;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final String cluster;
    private int port;

    private Proxy(Vertx vertx, ClusterConnection cluster, MeterRegistry meters, ProxySettings settings) {
        this.cluster = cluster.toString();
        BucketRouter router = cluster.client().router();
        NodeRegistry registry = cluster.client().registry();
        HeldRequests held = new HeldRequests(vertx, settings.maxHeld());
        router.addListener(held);
        registry.addListener(held);
        parts = new ProxyParts(
                vertx,
                settings,
                new Routes(router, registry),
                held,
                new ProxyMetrics(meters, held),
                client(vertx, settings, settings.connectionsPerNode()),
                client(vertx, settings, settings.tunnelsPerNode()),
                new AtomicBoolean());
        server = vertx.createHttpServer(serverOptions())
                .connectionHandler(Proxy::expectTheWorst)
                .requestHandler(this::handle);
    }

    /**
     * Starts a proxy; does not wait for the store, which may come later: until then requests are answered with 503.
     *
     * @param cluster where the owners are known from; stays the caller's to close, after the proxy
     * @param meters where the proxy counts
     * @throws org.bucketkeeper.examples.program.ProgramException if it cannot listen where it should
     */
    public static Proxy start(Vertx vertx, ClusterConnection cluster, MeterRegistry meters, ProxySettings settings) {
        Proxy proxy = new Proxy(vertx, cluster, meters, settings);
        proxy.port = Listener.listen(proxy.server, settings.host(), settings.port());
        proxy.tellWhetherTheStoreIsThere();
        return proxy;
    }

    /** Returns the port that the proxy listens on. */
    public int port() {
        return port;
    }

    /** Returns where requests go. */
    Routes routes() {
        return parts.routes();
    }

    @Override
    public String startLine() {
        return "dtable-server-proxy on http://" + parts.settings().host() + ":" + port + "/, " + cluster;
    }

    @Override
    public CompletionStage<Void> stop() {
        if (parts.stopping().compareAndSet(false, true)) {
            server.shutdown(parts.settings().stopTimeout())
                    .eventually(() ->
                            Future.join(parts.client().close(), parts.upgrades().close()))
                    .onComplete(closed -> stopped.complete(null));
        }
        return stopped.copy();
    }

    private void handle(HttpServerRequest request) {
        try {
            String target = originForm(request);
            if (isPing(request, target)) {
                request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                        .end("pong");
                return;
            }
            requireUnambiguous(request);
            new Exchange(parts, request, target, BaseUuid.in(target).bucket()).begin();
        } catch (RefusedRequestException refusal) {
            new ClientAnswer(parts, request).fail(ProxyAnswer.refusal(refusal), null, 0);
        }
    }

    private static boolean isPing(HttpServerRequest request, String target) {
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        return reads && PING.contains(target);
    }

    /** Returns the request's target without scheme and host, which a client that takes us for its proxy adds. */
    private static String originForm(HttpServerRequest request) {
        String target = request.uri().replaceFirst("^(?i:https?)://[^/?]*", "");
        if (!target.startsWith("/")) {
            target = target.isEmpty() || target.startsWith("?") ? "/" + target : "";
        }
        if (!target.matches("/[!-~]*")) {
            throw new RefusedRequestException(
                    "bad_request", "the request's target must be a path, but is " + Shown.quoted(request.uri()));
        }
        return target;
    }

    /** Whoever frames a request in two ways, or in one that HTTP/1.0 does not know, may be hiding a second one in it. */
    private static void requireUnambiguous(HttpServerRequest request) {
        var encodings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        boolean chunked = encodings.size() == 1 && encodings.get(0).equalsIgnoreCase("chunked");
        boolean framed = encodings.isEmpty()
                || (chunked
                        && request.version() == HttpVersion.HTTP_1_1
                        && !request.headers().contains(HttpHeaders.CONTENT_LENGTH));
        for (String length : request.headers().getAll(HttpHeaders.CONTENT_LENGTH)) {
            framed &= length.matches("\\d{1,18}");
        }
        if (!framed) {
            throw new RefusedRequestException(
                    "bad_request", "the request's length must be told once, by Content-Length or by chunked encoding");
        }
        if (request.version() == HttpVersion.HTTP_1_1
                && request.headers().getAll(HttpHeaders.HOST).size() != 1) {
            throw new RefusedRequestException("bad_request", "the request must have one Host header");
        }
    }

    private void tellWhetherTheStoreIsThere() {
        long timer = parts.vertx()
                .setTimer(
                        PATIENCE_WITH_STORE.toMillis(),
                        elapsed -> LOG.warn(
                                "No table was read yet, requests are answered with 503 until it is: is the store in"
                                        + " reach, and a monitor running? {}",
                                cluster));
        parts.routes().router().ready().whenComplete((ready, closed) -> {
            parts.vertx().cancelTimer(timer);
            if (closed == null) {
                LOG.info("Forwarding: {} revision={}", cluster, parts.routes().revision());
            }
        });
    }

    private static HttpClient client(Vertx vertx, ProxySettings settings, int connections) {
        return vertx.httpClientBuilder()
                .with(clientOptions(settings))
                .with(new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(settings.queuePerNode()))
                .withConnectHandler(Proxy::expectTheWorst)
                .build();
    }

    /** A connection that breaks is told to whoever uses it; it is nothing to log. */
    private static void expectTheWorst(HttpConnection connection) {
        connection.exceptionHandler(broken -> {});
    }

    private static HttpServerOptions serverOptions() {
        return new HttpServerOptions()
                .setTcpKeepAlive(true)
                .setMaxInitialLineLength(LONGEST_HEAD)
                .setMaxHeaderSize(LONGEST_HEAD)
                .setHttp2ClearTextEnabled(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
    }

    private static HttpClientOptions clientOptions(ProxySettings settings) {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setTcpKeepAlive(true)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setConnectTimeout((int) settings.connectTimeout().toMillis())
                .setMaxHeaderSize(LONGEST_HEAD);
    }
}
