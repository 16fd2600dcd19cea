package org.bucketkeeper.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.config.EtcdSettings;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.ownership.NotOwner;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.jspecify.annotations.Nullable;

/** A proxy in front of real servers, with a cluster whose table the test writes. */
final class ProxyBench implements AutoCloseable {

    static final String UUID = "3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c";
    static final String PATH = "/api/v1/dtables/" + UUID + "/rows/";
    static final Bucket BUCKET = Bucket.of(UUID);
    static final ProxySettings SETTINGS = ProxySettings.DEFAULT
            .listeningOn("127.0.0.1", 0)
            .withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofSeconds(5));

    final Vertx vertx = Vertx.vertx();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final InMemoryStore store;
    final Proxy proxy;
    private final CoordinationStore client;
    private final ClusterConnection cluster;
    private final Map<String, NodeRegistry> nodes = new HashMap<>();
    private final Deque<Closeable> closed = new ArrayDeque<>();
    private long version;

    ProxyBench() {
        this(SETTINGS);
    }

    ProxyBench(ProxySettings settings) {
        this(settings, InMemoryStore.create());
    }

    ProxyBench(ProxySettings settings, InMemoryStore store) {
        this.store = store;
        client = store.connect("test");
        cluster = ClusterConnection.over(
                store.connect("proxy"),
                ClusterConfig.of(new EtcdSettings(List.of(new Endpoint("localhost", 2379)), null, null)));
        proxy = Proxy.start(vertx, cluster, meters, settings);
    }

    /** Registers a server, and assigns the bucket of {@link #UUID} to it. */
    ProxyBench owner(String nodeId, String url) {
        register(nodeId, url);
        assign(nodeId);
        await(
                "the proxy knows",
                () -> proxy.routes().of(BUCKET) instanceof Destination.Target target
                        && target.nodeId().equals(nodeId));
        return this;
    }

    void register(String nodeId, String url) {
        NodeRegistry registry = NodeRegistry.builder(client).build();
        nodes.put(nodeId, registry);
        registry.register(NodeInfo.of(nodeId, "https://example.com/", url))
                .toCompletableFuture()
                .join();
    }

    void unregister(String nodeId) {
        NodeRegistry registry = nodes.remove(nodeId);
        assertThat(registry).isNotNull();
        if (registry != null) {
            registry.leave().toCompletableFuture().join();
        }
    }

    void assign(String nodeId) {
        version++;
        Assignment assignment = Assignment.of(version, Map.of(BUCKET, nodeId));
        client.commit(Transaction.builder()
                        .put(ClusterConfig.DEFAULT_PREFIX + "assignment", assignment.toJson())
                        .build())
                .toCompletableFuture()
                .join();
    }

    /** Starts a server on Vert.x; the bench closes it. */
    String server(Consumer<HttpServerRequest> handler) throws Exception {
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setPort(0).setHost("127.0.0.1"))
                .requestHandler(handler::accept);
        server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return "http://127.0.0.1:" + server.actualPort() + "/";
    }

    RawTarget raw(RawTarget.Script script) throws IOException {
        return closing(RawTarget.start(script));
    }

    RawTarget answering(String answer) throws IOException {
        return closing(RawTarget.answering(answer));
    }

    Wire connect() throws IOException {
        return closing(Wire.connect(proxy.port()));
    }

    /** Sends a GET about {@link #UUID} and returns the whole answer. */
    String get() throws IOException {
        return connect().send("GET " + PATH + " HTTP/1.1\nHost: proxy\n\n").message();
    }

    String post(String body) throws IOException {
        return connect()
                .send("POST " + PATH + " HTTP/1.1\nHost: proxy\nContent-Length: " + body.length() + "\n\n" + body)
                .message();
    }

    double retries(Setback.Cause cause) {
        return meters.find("bucketkeeper.proxy.retries").tag("cause", cause.code()).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    double held() {
        return meters.get("bucketkeeper.proxy.held").gauge().value();
    }

    /** The refusal of a server that does not own the bucket. */
    static String notOwner(@Nullable NodeInfo owner) {
        String json = new NotOwner(BUCKET, owner, 7).toJson();
        return "HTTP/1.1 421 Misdirected Request\nContent-Type: application/json\nContent-Length: " + json.length()
                + "\n\n" + json;
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\nContent-Length: " + body.length() + "\n\n" + body;
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.onSpinWait();
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Waits until nothing was sent for a second. */
    static void awaitStandstill(AtomicLong sent) {
        long[] last = {-1, System.nanoTime()};
        await("a standstill", () -> {
            long now = sent.get();
            if (now != last[0] || now == 0) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > TimeUnit.SECONDS.toNanos(1);
        });
    }

    @Override
    public void close() throws IOException {
        for (Closeable resource : closed) {
            resource.close();
        }
        proxy.stop().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        nodes.values().forEach(NodeRegistry::leave);
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        cluster.close();
        store.close();
    }

    private <T extends Closeable> T closing(T resource) {
        closed.push(resource);
        return resource;
    }
}
