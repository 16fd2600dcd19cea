package org.bucketkeeper.examples.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.ClusterClient;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.monitor.BucketOverview;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.store.CoordinationStore;

/**
 * The whole deployment as operators run it: the store's servers, dtable-servers, a proxy and monitors, each a process of
 * its own, with short times to live. Watches the cluster itself, from this process.
 */
final class Deployment implements AutoCloseable {

    /** How long a server that died is taken for alive. */
    static final Duration TTL = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final StoreServers servers;
    private final Path logs;
    private final Path folder;
    private final Duration ttl;
    private final Map<String, JarProcess> processes = new LinkedHashMap<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final CoordinationStore store;
    private final ClusterClient client;
    private final MoveCount moves = new MoveCount();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Deployment(StoreServers servers, Path logs, Path folder, Duration ttl) {
        this.ttl = ttl;
        this.servers = servers;
        this.logs = logs;
        this.folder = folder;
        this.store = servers.connect();
        this.client = ClusterClient.connect(store);
        client.router()
                .addListener((revision, changes) -> moves.see(client.router().assignment()));
    }

    /**
     * Starts two monitors and a proxy.
     *
     * @param servers the store, which is ended with the deployment
     * @param name names the folder of the logs
     * @param ttl how long servers that die are taken for alive
     */
    static Deployment start(StoreServers servers, String name, Path folder, Duration ttl) throws Exception {
        Deployment deployment = new Deployment(servers, Path.of("target", "deployment", name), folder, ttl);
        try {
            deployment.startMonitor("monitor-01");
            deployment.startMonitor("monitor-02");
            deployment.startProxy();
            await("the store is heard of", deployment::hearsOfTheStore);
            return deployment;
        } catch (Exception e) {
            deployment.close();
            throw e;
        }
    }

    private void startMonitor(String name) throws IOException {
        start(name, "cluster-monitor", "--monitor-id", name, "--config", config(servers.endpoints()));
    }

    private void startProxy() throws IOException {
        int port = ports.computeIfAbsent("proxy", any -> freePort());
        start(
                "proxy",
                "dtable-server-proxy",
                "--host=127.0.0.1",
                "--port=" + port,
                "--hold=20",
                "--admin-port=" + ports.computeIfAbsent("admin", any -> freePort()),
                "--config",
                config(servers.endpoints()));
    }

    /** Starts a server, under the same name and port each time. */
    void startServer(String node) throws IOException {
        startServer(node, servers.endpoints());
    }

    /** Starts a server that reaches the store at these addresses. */
    void startServer(String node, List<String> storeEndpoints) throws IOException {
        int port = ports.computeIfAbsent(node, any -> freePort());
        String url = "http://127.0.0.1:" + port + "/";
        start(
                node,
                "dtable-server",
                "--host=127.0.0.1",
                "--port=" + port,
                "--node-id=" + node,
                "--node-url=" + url,
                "--local-node-url=" + url,
                "--data=" + folder,
                "--max-wait=3",
                "--config",
                config(storeEndpoints));
    }

    private void start(String name, String... arguments) throws IOException {
        JarProcess before = processes.put(name, JarProcess.start(name, logs, folder, arguments));
        assertThat(before == null || !before.isAlive())
                .as("%s ran once only", name)
                .isTrue();
    }

    private String config(List<String> endpoints) throws IOException {
        Path file = Files.createTempFile(folder, "config", ".json");
        Files.writeString(file, servers.configuration(endpoints, """
                "session_ttl_seconds": %d, "monitor_ttl_seconds": 3, "settle_seconds": 2,
                "mass_loss_hold_seconds": 30, "request_timeout_ms": 1500""".formatted(ttl.toSeconds())));
        return file.toString();
    }

    ClusterClient client() {
        return client;
    }

    MoveCount moves() {
        return moves;
    }

    HttpClient http() {
        return http;
    }

    JarProcess process(String name) {
        return Objects.requireNonNull(processes.get(name), name);
    }

    URI proxy() {
        return url("proxy");
    }

    URI url(String name) {
        return URI.create("http://127.0.0.1:" + Objects.requireNonNull(ports.get(name), name) + "/");
    }

    Path history() throws IOException {
        return Files.createDirectories(logs).resolve("history.jsonl");
    }

    /** Tells whether the store answers now. */
    boolean hearsOfTheStore() throws Exception {
        try {
            overview();
            return true;
        } catch (ExecutionException notYet) {
            return false;
        }
    }

    ClusterOverview overview() throws Exception {
        return client.operator().overview().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Waits until exactly these servers are registered, every bucket is held by whom it is assigned to, and the proxy runs. */
    void awaitServing(String... nodes) throws Exception {
        await("all buckets are served by " + List.of(nodes), () -> {
            ClusterOverview overview = overview();
            return overview.nodes().stream().map(node -> node.nodeId()).toList().equals(List.of(nodes))
                    && overview.buckets().stream().noneMatch(BucketOverview::isChangingHands)
                    && overview.buckets().stream().allMatch(bucket -> bucket.heldBy() != null);
        });
        await("the proxy answers", () -> answers(proxy().resolve("/ping/")));
    }

    /** Returns who holds each bucket, and under which token. */
    Map<Bucket, String> holders() throws Exception {
        Map<Bucket, String> holders = new LinkedHashMap<>();
        overview()
                .buckets()
                .forEach(bucket -> holders.put(bucket.bucket(), bucket.heldBy() + " " + bucket.fencingToken()));
        return holders;
    }

    /** Returns those of the bases whose bucket a server holds. */
    List<String> basesOf(String node, List<String> bases) throws Exception {
        ClusterOverview overview = overview();
        return bases.stream()
                .filter(base -> node.equals(
                        overview.buckets().get(Bucket.of(base).index()).heldBy()))
                .toList();
    }

    /** Waits until a server holds no bucket and none is assigned to it. */
    void awaitEmpty(String node) throws Exception {
        await(node + " is empty", () -> {
            var seen = overview().node(node);
            return seen == null || (seen.assigned() == 0 && seen.held() == 0);
        });
    }

    void drain(String node) throws Exception {
        client.operator()
                .changePolicy(policy -> policy.drain(node))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    void undrain(String node) throws Exception {
        client.operator()
                .changePolicy(policy -> policy.undrain(node))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private boolean answers(URI uri) throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(uri)
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until a condition holds, and fails with its name if it does not within a minute. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            assertThat(System.nanoTime() - start)
                    .as("nanoseconds until %s", what)
                    .isLessThan(PATIENCE.toNanos());
            Thread.sleep(20);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        new ArrayList<>(processes.values()).forEach(JarProcess::close);
        client.close();
        store.close();
        servers.close();
    }
}
