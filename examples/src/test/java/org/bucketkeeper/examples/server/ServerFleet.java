package org.bucketkeeper.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.config.EtcdSettings;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.store.memory.InMemoryClient;
import org.bucketkeeper.store.memory.InMemoryStore;

/** Dtable-servers in this process, on an embedded coordination store and one file of bases. */
final class ServerFleet implements AutoCloseable {

    static final String BASE = "3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c";
    static final Bucket BUCKET = Bucket.of(BASE);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ServerSettings.Times TIMES = new ServerSettings.Times(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofMillis(300),
            Duration.ofHours(24),
            Duration.ofSeconds(5));

    private final InMemoryStore store = InMemoryStore.create();
    private final ClusterMonitor monitor = ClusterMonitor.builder(store.connect())
            .settleWindow(Duration.ofMillis(100))
            .start();
    private final ClusterOperator operator = ClusterOperator.connect(store.connect());
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, DtableServer> servers = new LinkedHashMap<>();
    private final Map<String, InMemoryClient> clients = new LinkedHashMap<>();
    private final Path data;

    ServerFleet(Path data) {
        this.data = data;
    }

    /** Starts a server with this name. */
    DtableServer start(String name) {
        InMemoryClient client = store.connect();
        ClusterConfig config = ClusterConfig.of(new EtcdSettings(List.of(new Endpoint("unused", 1)), null, null));
        DtableServer server = DtableServer.start(
                vertx, ClusterConnection.over(client, config), settings(name, Duration.ofSeconds(2)));
        servers.put(name, server);
        clients.put(name, client);
        return server;
    }

    /** Starts a server that belongs to no cluster. */
    DtableServer startAlone() {
        DtableServer server = DtableServer.start(vertx, null, settings("alone", Duration.ofSeconds(2)));
        servers.put("alone", server);
        return server;
    }

    private ServerSettings settings(String name, Duration sessionTtl) {
        return new ServerSettings(
                "127.0.0.1",
                0,
                new ServerSettings.Names(name, null, null),
                sessionTtl,
                StorageSettings.file(data),
                TIMES);
    }

    /** Has the bucket of {@link #BASE} owned by a server; returns when it is. */
    void give(String name) throws Exception {
        operator.changePolicy(policy -> policy.pin(BUCKET, name))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        await("the bucket is owned by " + name, () -> answers(name, "/api/v1/dtables/" + BASE + "/count/", 200));
    }

    /** Cuts a server off from the coordination store. */
    InMemoryClient clientOf(String name) {
        return Objects.requireNonNull(clients.get(name), name);
    }

    private boolean answers(String name, String path, int status) {
        try {
            return get(name, path).statusCode() == status;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String name, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri("http", name, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> getLater(String name, String path) {
        return http.sendAsync(
                HttpRequest.newBuilder(uri("http", name, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> append(String name, String rows) throws IOException, InterruptedException {
        return post(name, "/api/v1/dtables/" + BASE + "/rows/", "{\"rows\":" + rows + "}");
    }

    HttpResponse<String> post(String name, String path, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri("http", name, path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Opens a socket on {@link #BASE}. */
    RecordedSocket watch(String name, long start) {
        return RecordedSocket.open(http, uri("ws", name, "/dtable-server/ws/?dtable_uuid=" + BASE + "&start=" + start));
    }

    URI uri(String scheme, String name, String path) {
        return URI.create(scheme + "://127.0.0.1:"
                + Objects.requireNonNull(servers.get(name), name).port() + path);
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("time in which it did not come true that " + what)
                    .isLessThan(Duration.ofSeconds(20));
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        servers.values().forEach(server -> join(server.stop()));
        operator.close();
        monitor.close();
        store.close();
        join(vertx.close().toCompletionStage());
    }

    private static void join(CompletionStage<?> end) {
        end.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }
}
