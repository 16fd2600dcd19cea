package org.bucketkeeper.examples.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.config.EtcdSettings;
import org.bucketkeeper.config.Secret;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.jspecify.annotations.Nullable;

/** A cluster in this process with an admin server; its servers let go of a bucket only when they are allowed to. */
final class AdminCluster {

    private final InMemoryStore store = InMemoryStore.create();
    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, ClusterServer> servers = new LinkedHashMap<>();
    private final CompletableFuture<Void> mayLetGo = new CompletableFuture<>();
    private final Admin admin;

    AdminCluster(@Nullable String token) {
        ClusterConnection connection = ClusterConnection.over(
                store.connect(), ClusterConfig.of(new EtcdSettings(List.of(new Endpoint("unused", 1)), null, null)));
        admin = Admin.start(
                vertx,
                connection,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                new AdminSettings("127.0.0.1", 0, token == null ? null : Secret.of(token)));
        open.add(connection);
    }

    void startMonitor() {
        open.add(ClusterMonitor.builder(store.connect())
                .monitorId("monitor-01")
                .settleWindow(Duration.ofMillis(300))
                .start());
    }

    void startServer(String node) throws Exception {
        ClusterServer server = ClusterServer.builder(store.connect())
                .node(NodeInfo.of(node, "https://" + node + ".example.com/", "http://" + node + "/"))
                .leaveTimeout(Duration.ofSeconds(1))
                .onRelease(tenure -> released())
                .start();
        server.awaitRegistered(Duration.ofSeconds(10));
        servers.put(node, server);
    }

    private CompletionStage<?> released() {
        return mayLetGo;
    }

    /** From now on buckets move. */
    void letGo() {
        mayLetGo.complete(null);
    }

    void awaitOwned(String node, int count) throws Exception {
        await(() -> server(node).ownership().status().owned().size() == count);
    }

    ClusterServer server(String node) {
        ClusterServer server = servers.get(node);
        assertThat(server).as(node).isNotNull();
        return Objects.requireNonNull(server);
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + admin.port() + path);
    }

    static void await(Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
            Thread.sleep(10);
        }
    }

    void close() throws Exception {
        letGo();
        admin.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        for (ClusterServer server : servers.values()) {
            server.close();
        }
        for (AutoCloseable closing : open) {
            closing.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        store.close();
    }
}
