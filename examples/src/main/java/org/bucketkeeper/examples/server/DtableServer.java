package org.bucketkeeper.examples.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bucketkeeper.BucketKeeper;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.examples.program.Listener;
import org.bucketkeeper.examples.program.Program;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.ownership.OwnershipStatus;
import org.bucketkeeper.ownership.Tenure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running dtable-server. In a cluster it serves the bases of the buckets that it owns, under their guards, and stores
 * them under their fencing tokens; alone it serves all, see {@link AloneAccess}.
 */
public final class DtableServer implements Program {

    private static final Logger LOG = LoggerFactory.getLogger(DtableServer.class);

    /** Longer than proxies keep a connection that is not in use, so that it is they who close it. */
    private static final int IDLE_SECONDS = 75;

    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);
    private static final long UNLOAD_EVERY_MILLIS = 60_000;
    private static final int STORAGE_THREADS = 10;

    private final Vertx vertx;
    private final ServerSettings settings;
    private final @Nullable ClusterConnection connection;
    private final BaseStorage storage;
    private final ExecutorService workers = Executors.newFixedThreadPool(STORAGE_THREADS, work -> {
        Thread thread = new Thread(work, "storage");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpServer http;
    private final int port;
    private final NodeInfo node;
    private final @Nullable ClusterServer cluster;
    private final Bases bases;
    private final ServerApi api;
    private final long unloading;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private @Nullable CompletableFuture<Void> stopped;

    /** Answers once the server is complete; who comes before, because another had this address, waits. */
    private final Promise<Handler<HttpServerRequest>> front = Promise.promise();

    private DtableServer(
            Vertx vertx, @Nullable ClusterConnection connection, ServerSettings settings, BaseStorage storage) {
        this.vertx = vertx;
        this.settings = settings;
        this.connection = connection;
        this.storage = storage;
        this.http = vertx.createHttpServer(new HttpServerOptions()
                        .setIdleTimeout(IDLE_SECONDS)
                        // An answer that ends its connection is a matter of HTTP/1.1, which proxies and sockets speak.
                        .setHttp2ClearTextEnabled(false)
                        // A message may come in one frame, as browsers send it.
                        .setMaxWebSocketFrameSize(ServerApi.MOST_BODY_BYTES)
                        .setMaxWebSocketMessageSize(ServerApi.MOST_BODY_BYTES))
                .requestHandler(this::answer);
        this.port = Listener.listen(http, settings.host(), settings.port());
        this.node =
                settings.node(connection == null ? null : connection.config().node(), port);
        this.cluster = connection == null ? null : join(connection);
        BaseAccess access = cluster == null ? new AloneAccess() : new ClusterAccess(cluster);
        this.bases = new Bases(storage, workers, access::refusal);
        this.api = new ServerApi(
                vertx, access, bases, node.nodeId(), settings.times().maxWait(), this::status);
        this.unloading = vertx.setPeriodic(
                UNLOAD_EVERY_MILLIS, now -> bases.unloadIdle(settings.times().idle()));
        front.complete(api.router());
    }

    private void answer(HttpServerRequest request) {
        Handler<HttpServerRequest> complete = front.future().result();
        if (complete != null) {
            complete.handle(request);
            return;
        }
        request.pause();
        Context context = vertx.getOrCreateContext();
        front.future().onSuccess(handler -> context.runOnContext(now -> handler.handle(request)));
    }

    /**
     * Starts a server; blocks until the storage is there and the port is open. It joins the cluster in the background.
     *
     * @param connection the cluster, which the server closes in the end; null to run alone
     * @throws org.bucketkeeper.examples.program.ProgramException if it does not start
     */
    public static DtableServer start(Vertx vertx, @Nullable ClusterConnection connection, ServerSettings settings) {
        BaseStorage storage =
                BaseStorage.open(settings.storage(), settings.times().storagePatience());
        try {
            return new DtableServer(vertx, connection, settings, storage);
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    private ClusterServer join(ClusterConnection to) {
        ClusterConfig config = to.config().withNode(node);
        Duration sessionTtl = settings.sessionTtl();
        ClusterServer server = BucketKeeper.configured(to.store(), config)
                .server()
                .sessionTtl(sessionTtl == null ? config.sessionTtl() : sessionTtl)
                .leaveTimeout(settings.times().leaveTimeout())
                .onRelease(this::release)
                .onLost(this::lose)
                .start();
        server.registered().whenComplete((registered, refused) -> {
            if (refused != null) {
                failure.completeExceptionally(refused);
            }
        });
        return server;
    }

    /** Everything that was acknowledged is stored, and nothing waits: every append held a guard. */
    private CompletionStage<Void> release(Tenure tenure) {
        bases.depart(tenure.bucket(), tenure.fencingToken());
        return CompletableFuture.completedFuture(null);
    }

    private void lose(Tenure tenure) {
        LOG.warn("Lost {}: its bases are dropped", tenure);
        bases.depart(tenure.bucket(), tenure.fencingToken());
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return port;
    }

    @Override
    public String startLine() {
        return "dtable-server " + node.nodeId() + " on " + settings.host() + ":" + port + ", "
                + (connection == null ? "alone" : connection) + ", bases in " + storage;
    }

    @Override
    public CompletionStage<Void> failure() {
        return failure;
    }

    /** Leaves the cluster first: until the others have taken over, and a little longer, clients are told whom to ask. */
    @Override
    public synchronized CompletionStage<Void> stop() {
        if (stopped == null) {
            ClusterServer leaving = cluster;
            stopped = (leaving == null ? CompletableFuture.<Void>completedFuture(null) : leaving.leave())
                    .thenCompose(left -> {
                        api.closeConnections();
                        return vertx.timer(settings.times().grace().toMillis() + 1)
                                .toCompletionStage();
                    })
                    .thenCompose(waited -> {
                        vertx.cancelTimer(unloading);
                        bases.departAll();
                        return http.shutdown(LONGEST_REQUEST).toCompletionStage();
                    })
                    .handle((shut, failed) -> failed)
                    .thenCompose(failed -> vertx.executeBlocking(() -> {
                                closeStores();
                                return failed;
                            })
                            .toCompletionStage())
                    .thenAccept(failed -> {
                        if (failed != null) {
                            LOG.warn("The server did not end in order", failed);
                        }
                    })
                    .toCompletableFuture();
        }
        return stopped;
    }

    private void closeStores() {
        workers.shutdown();
        storage.close();
        if (connection != null) {
            connection.close();
        }
    }

    private String status() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("node_id", node.nodeId()).put("mode", cluster == null ? "alone" : "cluster");
        json.put("bases", bases.count()).put("sockets", bases.watchers());
        if (cluster != null) {
            OwnershipStatus ownership = cluster.ownership().status();
            json.put("registered", cluster.registry().node(node.nodeId()) != null);
            json.put("owned", ownership.owned().size());
            json.put("acquiring", ownership.acquiring().size());
            ArrayNode releases = json.putArray("releases");
            for (OwnershipStatus.Release release : ownership.releases()) {
                releases.addObject()
                        .put("bucket", release.bucket().toString())
                        .put("fencing_token", release.fencingToken())
                        .put("phase", release.phase().name())
                        .put("age_ms", release.age().toMillis());
            }
        }
        return json.toString();
    }
}
