package org.bucketkeeper.examples.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.config.EtcdSettings;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.examples.program.Environment;
import org.bucketkeeper.examples.program.ProgramException;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DtableWebTest {

    private static final String UUID = "3f81d4fa-0000-4000-8000-00000000000A";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path folder;

    @AfterEach
    void closeVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void namesTheServerOfABase() throws Exception {
        SmallDeployment deployment = new SmallDeployment(folder, "dtable-server-01");
        try {
            HttpResponse<String> answer = get(deployment.webUrl("/api/v1/dtables/" + UUID + "/server/"));

            JsonNode json = JSON.readTree(answer.body());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(json.path("dtable_uuid").asText()).isEqualTo("3f81d4fa00004000800000000000000a");
            assertThat(json.path("node_id").asText()).isEqualTo("dtable-server-01");
            assertThat(json.path("node_url").asText()).isEqualTo(deployment.serverUrl("dtable-server-01", "/"));
            assertThat(json.path("revision").asLong()).isPositive();
        } finally {
            deployment.end();
        }
    }

    @Test
    void saysThatNobodyServesABase() throws Exception {
        EtcdSettings unused = new EtcdSettings(List.of(Endpoint.parse("unused.example.com", 2379)), null, null);
        try (InMemoryStore store = InMemoryStore.create();
                ClusterConnection connection = ClusterConnection.over(store.connect(), ClusterConfig.of(unused))) {
            DtableWeb web = DtableWeb.start(vertx, connection, WebSettings.inCluster("127.0.0.1", 0, environment()));

            HttpResponse<String> answer = get(url(web, "/api/v1/dtables/" + UUID + "/server/"));

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            assertThat(JSON.readTree(answer.body()).path("error").asText()).isEqualTo("no_owner");
            stop(web);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/dtables/3f81/server/", "/api/v1/dtables/3f81/count/", "/dtable/3f81/"})
    void refusesWhatIsNoUuid(String path) throws Exception {
        DtableWeb web = alone("DTABLE_SERVER_URL", "http://127.0.0.1:1/");

        HttpResponse<String> answer = get(url(web, path));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).isEqualTo("bad_base_uuid");
        assertThat(answer.body()).contains("3f81");
        stop(web);
    }

    @Test
    void namesTheOneServerWithoutACluster() throws Exception {
        DtableWeb web = alone("DTABLE_SERVER_URL", "https://tables.example.com/dtable-server");

        HttpResponse<String> answer = get(url(web, "/api/v1/dtables/" + UUID + "/server/"));

        assertThat(JSON.readTree(answer.body())).isEqualTo(JSON.readTree("""
                        {"dtable_uuid": "3f81d4fa00004000800000000000000a", "node_id": null,
                         "node_url": "https://tables.example.com/dtable-server/", "revision": 0}
                        """));
        stop(web);
    }

    /** The server stands in for the proxy, which has the same API. */
    @Test
    void asksForTheNumberOfRowsThroughTheProxy() throws Exception {
        SmallDeployment deployment = new SmallDeployment(folder, "dtable-server-01");
        try {
            DtableWeb web = alone("DTABLE_SERVER_URL", deployment.serverUrl("dtable-server-01", ""));

            HttpResponse<String> answer = get(url(web, "/api/v1/dtables/" + UUID + "/count/"));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(JSON.readTree(answer.body()).path("count").asInt(-1)).isZero();
            stop(web);
        } finally {
            deployment.end();
        }
    }

    @Test
    void saysThatTheProxyCannotBeReached() throws Exception {
        DtableWeb web = alone("DTABLE_SERVER_URL", "http://127.0.0.1:1/");

        HttpResponse<String> answer = get(url(web, "/api/v1/dtables/" + UUID + "/count/"));

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).isEqualTo("unreachable");
        assertThat(answer.body()).contains("http://127.0.0.1:1/");
        stop(web);
    }

    @Test
    void allowsNoScriptButItsOwnOnThePage() throws Exception {
        DtableWeb web = alone("DTABLE_SERVER_URL", "http://127.0.0.1:1/");

        HttpResponse<String> page = get(url(web, "/dtable/" + UUID + "/"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';");
        assertThat(page.body()).doesNotContain("style=", "onclick=", "https://", "http://");
        stop(web);
    }

    @Test
    void answersAPingAndWhatIsNotThere() throws Exception {
        DtableWeb web = alone("DTABLE_SERVER_URL", "http://127.0.0.1:1/");

        assertThat(get(url(web, "/ping/")).body()).isEqualTo("pong");
        assertThat(get(url(web, "/nothing")).statusCode()).isEqualTo(404);
        assertThat(get(url(web, "/assets/../WebApi.class")).statusCode()).isEqualTo(404);
        stop(web);
    }

    @Test
    void saysThatThePortIsInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            WebSettings settings = WebSettings.alone(
                    "127.0.0.1",
                    other.getLocalPort(),
                    new Environment(Map.of("DTABLE_SERVER_URL", "http://127.0.0.1:1/")));

            assertThatThrownBy(() -> DtableWeb.startAlone(vertx, settings))
                    .isInstanceOf(ProgramException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + other.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://host/", "host:5550", "http://", "http://a b/"})
    void refusesAProxyUrlThatIsNone(String text) {
        Environment environment = new Environment(Map.of("DTABLE_PROXY_SERVER_URL", text));

        assertThatThrownBy(() -> WebSettings.inCluster("127.0.0.1", 0, environment))
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining("DTABLE_PROXY_SERVER_URL must be an http or https URL");
    }

    @Test
    void wantsToKnowTheServerIfThereIsNoCluster() {
        assertThatThrownBy(() -> WebSettings.alone("127.0.0.1", 0, environment()))
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining("without a cluster DTABLE_SERVER_URL must name the server");
    }

    private DtableWeb alone(String variable, String value) {
        return DtableWeb.startAlone(vertx, WebSettings.alone("127.0.0.1", 0, new Environment(Map.of(variable, value))));
    }

    private static Environment environment() {
        return new Environment(Map.of());
    }

    private static String url(DtableWeb web, String path) {
        return "http://127.0.0.1:" + web.port() + path;
    }

    private static void stop(DtableWeb web) throws Exception {
        web.stop().toCompletableFuture().get(15, TimeUnit.SECONDS);
    }

    private HttpResponse<String> get(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }
}
