package org.bucketkeeper.examples.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.bucketkeeper.ClusterClient;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.config.EtcdSettings;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.examples.program.Environment;
import org.bucketkeeper.examples.program.Program;
import org.bucketkeeper.examples.server.DtableServer;
import org.bucketkeeper.examples.server.ServerSettings;
import org.bucketkeeper.examples.server.StorageSettings;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.store.memory.InMemoryStore;

/** A deployment in this process: a monitor, dtable-servers on one SQLite file, and dtable-web. */
final class SmallDeployment {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The store is in memory; what the configuration says of it is not used. */
    private static final ClusterConfig CONFIG =
            ClusterConfig.of(new EtcdSettings(List.of(Endpoint.parse("unused.example.com", 2379)), null, null));

    private final Vertx vertx = Vertx.vertx();
    private final InMemoryStore store = InMemoryStore.create();
    private final Path data;
    private final Map<String, DtableServer> servers = new LinkedHashMap<>();
    private final Deque<Program> programs = new ArrayDeque<>();
    private final ClusterMonitor monitor;
    private final ClusterClient operator;
    private final ClusterConnection webConnection = ClusterConnection.over(store.connect("web"), CONFIG);
    private final DtableWeb web;

    SmallDeployment(Path data, String... nodeIds) {
        this.data = data;
        for (String nodeId : nodeIds) {
            startServer(nodeId);
        }
        operator = ClusterClient.connect(store.connect("operator"));
        awaitOverview(overview -> overview.nodes().size() == nodeIds.length);
        monitor = ClusterMonitor.builder(store.connect("monitor"))
                .settleWindow(Duration.ofMillis(200))
                .start();
        awaitSettled();
        web = DtableWeb.start(vertx, webConnection, WebSettings.inCluster("127.0.0.1", 0, new Environment(Map.of())));
        programs.push(web);
    }

    void startServer(String nodeId) {
        ServerSettings.Times times = ServerSettings.Times.DEFAULT;
        DtableServer server = DtableServer.start(
                vertx,
                ClusterConnection.over(store.connect(nodeId), CONFIG),
                new ServerSettings(
                        "127.0.0.1",
                        0,
                        new ServerSettings.Names(nodeId, null, null),
                        null,
                        StorageSettings.file(data),
                        new ServerSettings.Times(
                                times.maxWait(),
                                Duration.ofSeconds(1),
                                Duration.ofMillis(100),
                                times.idle(),
                                times.storagePatience())));
        servers.put(nodeId, server);
        programs.push(server);
    }

    void stopServer(String nodeId) throws Exception {
        DtableServer server = Objects.requireNonNull(servers.remove(nodeId), nodeId);
        programs.remove(server);
        server.stop().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Has a node give its buckets away, and returns when it holds none. */
    void drain(String nodeId) throws Exception {
        change(policy -> policy.drain(nodeId));
        awaitOverview(overview -> overview.buckets().stream().noneMatch(bucket -> nodeId.equals(bucket.heldBy())));
        awaitSettled();
    }

    private void change(UnaryOperator<Policy> change) throws Exception {
        operator.operator().changePolicy(change).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    String webUrl(String path) {
        return "http://127.0.0.1:" + web.port() + path;
    }

    /** Returns where a server listens. */
    String serverUrl(String nodeId, String path) {
        DtableServer server = Objects.requireNonNull(servers.get(nodeId), nodeId);
        return "http://127.0.0.1:" + server.port() + path;
    }

    void awaitSettled() {
        awaitOverview(overview -> overview.buckets().stream()
                .allMatch(bucket -> bucket.assignedTo() != null && !bucket.isChangingHands()));
    }

    private void awaitOverview(Predicate<ClusterOverview> condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "nothing was heard yet";
        while (true) {
            assertThat(System.nanoTime()).as("still waiting: %s", last).isLessThan(end);
            try {
                ClusterOverview overview =
                        operator.operator().overview().toCompletableFuture().get(5, TimeUnit.SECONDS);
                last = overview.nodes().toString();
                if (condition.test(overview)) {
                    return;
                }
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } catch (ExecutionException | TimeoutException e) {
                last = e.toString();
            }
        }
    }

    /** Ends everything, the last that was started first. */
    void end() throws Exception {
        while (!programs.isEmpty()) {
            programs.pop().stop().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        webConnection.close();
        operator.close();
        monitor.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        store.close();
    }
}
