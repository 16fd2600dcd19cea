package org.bucketkeeper.examples.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.testing.TestCertificates;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The nginx.conf in front of a dtable-server, run by a real nginx. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // Certificates take seconds to make.
class NginxConfTest {

    private final Vertx vertx = Vertx.vertx();
    private final TestCertificates certificates = TestCertificates.create();
    private final HttpClient client =
            HttpClient.newBuilder().sslContext(certificates.sslContext()).build();

    @TempDir
    private Path folder = Path.of("");

    private @Nullable Nginx nginx;

    @BeforeEach
    void start() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(NginxConfTest::tellWhatWasAsked)
                .webSocketHandler(socket -> socket.textMessageHandler(
                        text -> socket.writeTextMessage(socket.headers().get("X-Forwarded-Proto") + " " + text)));
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        nginx = Nginx.start(folder, server.actualPort(), certificates);
    }

    @AfterEach
    void stop() {
        started().close();
    }

    @AfterAll
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        certificates.close();
    }

    @Test
    void passesARequestOverTlsOn() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + tlsPort() + "/api/v1/x%2Fy/?q=%20"))
                        .header("X-Forwarded-For", "10.9.8.7")
                        .POST(HttpRequest.BodyPublishers.ofString("a row"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(421);
        assertThat(answer.body()).isEqualTo("POST /api/v1/x%2Fy/?q=%20 for=127.0.0.1 proto=https host=localhost a row");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws/", "/socket.io/", "/dtable-server/socket.io/"})
    void upgradesToAWebSocket(String path) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("wss://localhost:" + tlsPort() + path + "?dtable_uuid=x"), new Hearing(heard))
                .get(20, TimeUnit.SECONDS);

        socket.sendText("hello", true).get(20, TimeUnit.SECONDS);

        assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("https hello");
        socket.abort();
    }

    @Test
    void sendsBrowsersToTls() throws Exception {
        HttpResponse<String> answer = get("http://localhost:" + httpPort() + "/api/v1/x/");

        assertThat(answer.statusCode()).isEqualTo(301);
        assertThat(answer.headers().firstValue("Location")).hasValue("https://localhost/api/v1/x/");
    }

    @Test
    void knowsNoOtherHost() throws Exception {
        assertThat(get("http://127.0.0.1:" + httpPort() + "/").statusCode()).isEqualTo(404);
    }

    @Test
    void tellsABrowserThatOtherOriginsMayAsk() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + tlsPort() + "/api/v1/x/"))
                        .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    }

    private HttpResponse<String> get(String url) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private int tlsPort() {
        return started().tlsPort();
    }

    private int httpPort() {
        return started().httpPort();
    }

    private Nginx started() {
        if (nginx == null) {
            throw new IllegalStateException("not started");
        }
        return nginx;
    }

    private static void tellWhatWasAsked(HttpServerRequest request) {
        String head = request.method() + " " + request.uri() + " for=" + request.getHeader("X-Forwarded-For")
                + " proto=" + request.getHeader("X-Forwarded-Proto") + " host=" + request.getHeader("Host");
        request.body().onSuccess(body -> request.response().setStatusCode(421).end(head + " " + body));
    }

    /** Keeps the first text that comes. */
    private record Hearing(CompletableFuture<String> heard) implements WebSocket.Listener {

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            heard.complete(text.toString());
            socket.request(1);
            return null;
        }
    }
}
