package org.bucketkeeper.examples.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin API: what it shows, what it changes, and for whom. */
class AdminTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "open-sesame";

    private final HttpClient http = HttpClient.newHttpClient();

    private AdminCluster cluster = new AdminCluster(null);

    @AfterEach
    void end() throws Exception {
        cluster.close();
    }

    @Nested
    class WithTwoServers {

        @BeforeEach
        void start() throws Exception {
            cluster.letGo();
            cluster.startServer("a");
            cluster.startServer("b");
            cluster.startMonitor();
            cluster.awaitOwned("a", 128);
            cluster.awaitOwned("b", 128);
        }

        @Test
        void showsHowTheClusterStands() throws Exception {
            JsonNode status = json(get("/status"));

            assertThat(status.path("store").path("connected").asBoolean()).isTrue();
            assertThat(status.path("leader").asText()).isEqualTo("monitor-01");
            assertThat(status.path("version").asLong()).isEqualTo(1);
            assertThat(status.path("unassigned").asInt(-1)).isZero();
            assertThat(status.path("changing_hands").asInt(-1)).isZero();
        }

        @Test
        void showsTheNodesWithWhatIsLeftOfTheirLeases() throws Exception {
            AdminCluster.await(
                    () -> json(get("/nodes")).path(0).path("lease_ms_left").isNumber());
            JsonNode node = json(get("/nodes")).path(0);

            assertThat(node.path("node_id").asText()).isEqualTo("a");
            assertThat(node.path("condition").asText()).isEqualTo("live");
            assertThat(node.path("held").asInt()).isEqualTo(128);
            assertThat(node.path("fair_share").asDouble()).isEqualTo(128);
            assertThat(node.path("lease_ms_left").asLong()).isBetween(30_000L, 90_000L);
        }

        @Test
        void showsTheWholeStateToAPage() throws Exception {
            JsonNode state = json(get("/state"));

            assertThat(state.path("buckets")).hasSize(256);
            assertThat(state.path("buckets").path(0).path(0).asInt())
                    .isEqualTo(state.path("buckets").path(0).path(1).asInt());
            assertThat(state.path("nodes")).hasSize(2);
            assertThat(state.path("moves")).hasSize(100);
            assertThat(state.path("token_configured").asBoolean(true)).isFalse();
        }

        @Test
        void showsTheAssignmentThePlansAndTheHistory() throws Exception {
            AdminCluster.await(() -> !json(get("/history/00")).path("tenures").isEmpty());

            assertThat(json(get("/assignment"))
                            .path("buckets")
                            .path("3f")
                            .path("fencing_token")
                            .asLong())
                    .isPositive();
            assertThat(json(get("/plan")).path("balance").path("total").asInt(-1))
                    .isZero();
            assertThat(json(get("/history/00"))
                            .path("tenures")
                            .path(0)
                            .path("node_id")
                            .asText())
                    .isIn("a", "b");
        }

        @ParameterizedTest
        @ValueSource(strings = {"/rebalance/", "/rebalance"})
        void rebalancesAndAnswersWithTheMoves(String path) throws Exception {
            cluster.startServer("c");
            AdminCluster.await(() -> json(get("/nodes")).size() == 3);
            long before = json(get("/status")).path("revision").asLong();

            JsonNode outcome = json(post(path));

            assertThat(outcome.path("total").asInt()).isEqualTo(85);
            assertThat(outcome.path("lower_bound").asInt()).isEqualTo(85);
            assertThat(outcome.path("moves"))
                    .hasSize(85)
                    .allSatisfy(move -> assertThat(move.path("to").asText()).isEqualTo("c"));
            assertThat(outcome.path("revision").asLong()).isGreaterThan(before);
            cluster.awaitOwned("c", 85);
        }

        @Test
        void onlyPlansADryRun() throws Exception {
            cluster.startServer("c");
            AdminCluster.await(() -> json(get("/nodes")).size() == 3);

            JsonNode plan = json(post("/rebalance/?dry_run=true"));

            assertThat(plan.path("total").asInt()).isEqualTo(85);
            assertThat(plan.path("nodes").path(2).path("after").asInt()).isEqualTo(85);
            assertThat(json(get("/status")).path("version").asLong()).isEqualTo(1);
        }

        @Test
        void drainsANodeAndTakesItBack() throws Exception {
            assertThat(post("/nodes/a/drain").statusCode()).isEqualTo(200);
            cluster.awaitOwned("b", 256);
            assertThat(json(get("/nodes")).path(0).path("condition").asText()).isEqualTo("draining");

            assertThat(json(post("/nodes/a/undrain")).path("draining")).isEmpty();
        }

        @Test
        void pinsABucket() throws Exception {
            assertThat(post("/buckets/3f/pin?node=a").statusCode()).isEqualTo(200);
            AdminCluster.await(() -> json(get("/assignment"))
                    .path("buckets")
                    .path("3f")
                    .path("held_by")
                    .asText()
                    .equals("a"));

            assertThat(json(post("/buckets/3f/unpin")).path("pins")).isEmpty();
        }

        @Test
        void pushesEachChangeToOpenPages() throws Exception {
            try (Socket socket = open(request("GET /events", "Host: localhost"))) {
                BufferedReader lines = lines(socket);
                awaitLine(lines, "\"condition\":\"live\"");

                assertThat(post("/nodes/a/cordon").statusCode()).isEqualTo(200);

                assertThat(awaitLine(lines, "\"condition\":\"cordoned\"")).startsWith("data: {");
            }
        }

        @Test
        void countsForPrometheus() throws Exception {
            assertThat(get("/metrics").body())
                    .contains("bucketkeeper_store_connected 1.0", "bucketkeeper_table_version");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "/nodes/x/drain | 404 | unknown_node",
                    "/buckets/zz/unpin | 400 | bad_bucket",
                    "/buckets/00/pin | 400 | bad_request",
                    "/rebalance/?dry_run=maybe | 400 | bad_request",
                    "/nowhere | 404 | not_found",
                    "/status | 405 | method_not_allowed"
                })
        void refusesWhatMakesNoSense(String path, int status, String error) throws Exception {
            HttpResponse<String> answer = post(path);

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(json(answer).path("error").asText()).isEqualTo(error);
        }
    }

    @Test
    void refusesARebalanceThatTheMonitorRefuses() throws Exception {
        cluster.startMonitor();
        AdminCluster.await(() -> json(get("/status")).path("leader").isTextual());

        HttpResponse<String> answer = post("/rebalance/");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(json(answer).path("message").asText()).isEqualTo("no node is registered");
    }

    @Test
    void isReadyOnlyWhenATableWasRead() throws Exception {
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);

        cluster.startServer("a");
        cluster.startMonitor();

        AdminCluster.await(() -> get("/readyz").statusCode() == 200);
    }

    @Nested
    class WithAToken {

        @BeforeEach
        void start() throws Exception {
            cluster.close();
            cluster = new AdminCluster(TOKEN);
            cluster.startServer("a");
        }

        @Test
        void letsEverybodyLook() throws Exception {
            assertThat(get("/status").statusCode()).isEqualTo(200);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "Bearer wrong", "open-sesame", "Basic open-sesame"})
        void letsNobodyChangeSomethingWithoutTheToken(String authorization) throws Exception {
            HttpResponse<String> answer = send("POST", "/nodes/a/cordon", authorization, null);

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
            assertThat(json(get("/nodes")).path(0).path("condition").asText()).isEqualTo("live");
        }

        @Test
        void letsWhoKnowsTheTokenChangeSomething() throws Exception {
            assertThat(send("POST", "/nodes/a/cordon", "Bearer " + TOKEN, null).statusCode())
                    .isEqualTo(200);
        }

        @Test
        void tellsAPageWhetherItsTokenIsRight() throws Exception {
            assertThat(send("GET", "/token", "Bearer " + TOKEN, null).statusCode())
                    .isEqualTo(204);
            assertThat(send("GET", "/token", "Bearer wrong", null).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void letsNoPageOfAnotherSiteChangeSomething() throws Exception {
        assertThat(send("POST", "/rebalance/", "", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(exchange(request(
                        "POST /rebalance/", "Host: localhost", "Sec-Fetch-Site: cross-site", "Content-Length: 0")))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void answersNoForeignNameThatPointsHere() throws Exception {
        assertThat(exchange(request("GET /status", "Host: evil.example"))).startsWith("HTTP/1.1 403");
        assertThat(exchange(request("GET /healthz", "Host: localhost:5555"))).startsWith("HTTP/1.1 200");
    }

    @Test
    void servesThePageWithoutInlineScripts() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'")
                .doesNotContain("unsafe-inline");
        assertThat(get("/status.js").statusCode()).isEqualTo(200);
        assertThat(get("/status.css").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "", null);
    }

    private HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return send("POST", path, "", null);
    }

    private HttpResponse<String> send(String method, String path, String authorization, @Nullable String origin)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(cluster.url(path))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            request.header("authorization", authorization);
        }
        if (origin != null) {
            request.header("origin", origin);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private Socket open(String head) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), cluster.url("/").getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String request(String line, String... headers) {
        return line + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    private String exchange(String head) throws IOException {
        try (Socket socket = open(head)) {
            return lines(socket).readLine();
        }
    }

    private static BufferedReader lines(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String awaitLine(BufferedReader lines, String text) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.contains(text)) {
            line = lines.readLine();
        }
        assertThat(line).as("a line with %s", text).isNotNull();
        return String.valueOf(line);
    }
}
