package org.bucketkeeper.examples.admin;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.ClusterClient;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.examples.program.Listener;
import org.bucketkeeper.examples.program.Program;
import org.bucketkeeper.metrics.RouterMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin server: the status page, the API and the metrics of a process, for operators. */
public final class Admin implements Program {

    private static final Logger LOG = LoggerFactory.getLogger(Admin.class);
    private static final long REFRESH_MILLIS = 2_000;
    private static final long LONGEST_STOP_SECONDS = 2;

    private final Vertx vertx;
    private final AdminSettings settings;
    private final HttpServer server;
    private final StateStream stream;
    private final long refreshing;
    private final int port;

    private Admin(Vertx vertx, ClusterClient cluster, PrometheusMeterRegistry meters, AdminSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        LeaseTimes leases = new LeaseTimes();
        AdminApi api = new AdminApi(cluster, leases, settings);
        stream = new StateStream(
                cluster,
                leases,
                new RecentMoves(),
                Clock.systemUTC(),
                api.tokenConfigured(),
                vertx.getOrCreateContext());
        server = vertx.createHttpServer(new HttpServerOptions().setTcpKeepAlive(true))
                .requestHandler(api.router(vertx, stream, meters));
        port = Listener.listen(server, settings.host(), settings.port());
        new RouterMetrics(cluster.router()).bindTo(meters);
        leases.refresh(cluster.operator());
        cluster.operator().addListener(stream::publish);
        refreshing = vertx.setPeriodic(REFRESH_MILLIS, now -> {
            leases.refresh(cluster.operator());
            stream.refresh();
        });
        if (!settings.isLoopback() && settings.token() == null) {
            LOG.warn(
                    "Whoever reaches {}:{} may rebalance, cordon and drain: no token is configured",
                    settings.host(),
                    port);
        }
    }

    /**
     * Starts an admin server.
     *
     * @param connection the cluster that it shows and steers; stays the caller's to close, after the server
     * @param meters what it shows at {@code /metrics}; the cluster's table is added
     * @throws org.bucketkeeper.examples.program.ProgramException if it cannot listen where it should
     */
    public static Admin start(
            Vertx vertx, ClusterConnection connection, PrometheusMeterRegistry meters, AdminSettings settings) {
        return new Admin(vertx, connection.client(), meters, settings);
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return port;
    }

    @Override
    public String startLine() {
        return "status page and admin API on http://" + settings.host() + ":" + port + "/"
                + (settings.token() == null ? "" : ", changes ask for the token");
    }

    @Override
    public CompletionStage<Void> stop() {
        vertx.cancelTimer(refreshing);
        stream.close();
        return server.shutdown(LONGEST_STOP_SECONDS, TimeUnit.SECONDS).toCompletionStage();
    }
}
