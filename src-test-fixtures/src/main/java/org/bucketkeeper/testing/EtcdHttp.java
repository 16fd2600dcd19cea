package org.bucketkeeper.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Lets a test look at an etcd, and change it, without the adapter that is under test: speaks etcd's JSON gateway.
 *
 * <p>Every call is one request, bounded by 10 seconds, that blocks the calling thread; a refusal, a time-out and a
 * broken connection are an {@link IllegalStateException} that names the request and what came back. Safe for use by
 * several threads.
 */
public final class EtcdHttp {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Duration HEALTH_BOUND = Duration.ofSeconds(2);
    private static final String ROOT = "root";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final HttpClient client;
    private final @Nullable String rootPassword;

    private EtcdHttp(URI base, HttpClient client, @Nullable String rootPassword) {
        this.base = base;
        this.client = client;
        this.rootPassword = rootPassword;
    }

    /** Speaks plain HTTP to {@code endpoint}, written as {@code host:port}. */
    static EtcdHttp plain(String endpoint) {
        return new EtcdHttp(URI.create("http://" + endpoint), clientBuilder().build(), null);
    }

    /** Speaks HTTPS to {@code endpoint}, written as {@code host:port}. */
    static EtcdHttp secured(String endpoint, SSLContext context) {
        return new EtcdHttp(
                URI.create("https://" + endpoint),
                clientBuilder().sslContext(context).build(),
                null);
    }

    private static HttpClient.Builder clientBuilder() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(HEALTH_BOUND);
    }

    /** The same endpoint, with every request made as the user root. */
    EtcdHttp asRoot(String password) {
        return new EtcdHttp(base, client, password);
    }

    /** Whether the server says that it is well: it answers, and its cluster has a leader. Never throws. */
    public boolean isHealthy() {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/health"))
                .timeout(HEALTH_BOUND)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException noAnswer) {
            return false;
        } catch (InterruptedException e) {
            throw Waiting.interrupted(e);
        }
    }

    /** Puts {@code value} under {@code key}, without a lease. */
    public void put(String key, String value) {
        post("/v3/kv/put", Map.of("key", encode(key), "value", encode(value)));
    }

    /** The value under {@code key}, read through the leader, or null if there is none. */
    public @Nullable String get(String key) {
        JsonNode entries = post("/v3/kv/range", Map.of("key", encode(key))).path("kvs");
        return entries.isEmpty() ? null : decode(entries.get(0).path("value").asText());
    }

    /** Deletes {@code key} if it is there. */
    public void delete(String key) {
        post("/v3/kv/deleterange", Map.of("key", encode(key)));
    }

    /** The store's revision now, read through the leader. */
    public long revision() {
        return post("/v3/kv/range", Map.of("key", encode("/bucketkeeper-no-such-key")))
                .path("header")
                .path("revision")
                .asLong();
    }

    /** Forgets every revision before {@code revision}: reads and watches from an earlier one are refused afterwards. */
    public void compact(long revision) {
        post("/v3/kv/compaction", Map.of("revision", Long.toString(revision), "physical", true));
    }

    /** The id of the member that this endpoint is, as etcd writes it in JSON. */
    String memberId() {
        return status().path("header").path("member_id").asText();
    }

    /** The id of the member that this one takes for the leader, "0" or empty if it knows of none. */
    String leaderId() {
        return status().path("leader").asText();
    }

    /** The version that the server says it has, such as {@code 3.4.23}. */
    public String version() {
        return status().path("version").asText();
    }

    private JsonNode status() {
        return post("/v3/maintenance/status", Map.of());
    }

    /** Makes a user root with this password and has the server refuse everybody else from now on. */
    void enableAuth(String password) {
        post("/v3/auth/user/add", Map.of("name", ROOT, "password", password));
        post("/v3/auth/role/add", Map.of("name", ROOT));
        post("/v3/auth/user/grant", Map.of("user", ROOT, "role", ROOT));
        post("/v3/auth/enable", Map.of());
    }

    /** Asks the leader, which this endpoint must be, to hand over to the member with the id {@code to}. */
    void transferLeadership(String to) {
        post("/v3/maintenance/transfer-leadership", Map.of("targetID", to));
    }

    private JsonNode post(String path, Map<String, ?> body) {
        String password = rootPassword;
        if (password == null) {
            return send(path, body, List.of());
        }
        String token = send("/v3/auth/authenticate", Map.of("name", ROOT, "password", password), List.of())
                .path("token")
                .asText();
        return send(path, body, List.of("Authorization", token));
    }

    private JsonNode send(String path, Map<String, ?> body, List<String> headers) {
        URI target = base.resolve(path);
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(target)
                    .timeout(BOUND)
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
            if (!headers.isEmpty()) {
                request.headers(headers.toArray(String[]::new));
            }
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                        "POST " + target + " was answered with " + answer.statusCode() + ": " + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException("POST " + target + " got no answer: " + e, e);
        } catch (InterruptedException e) {
            throw Waiting.interrupted(e);
        }
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
