package org.bucketkeeper.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets. */
@Timeout(60)
class ProxyTunnelTest {

    private static final String PATH = "/socket.io/?transport=websocket&dtable_uuid=" + ProxyBench.UUID;
    private static final String UPGRADE = "GET " + PATH + " HTTP/1.1\nHost: proxy\nConnection: keep-alive, Upgrade\n"
            + "Upgrade: WebSocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
            + "Sec-WebSocket-Extensions: permessage-deflate\n\n";
    private static final String AGREED = """
            HTTP/1.1 101 Switching Protocols
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
            X-Kept: 1

            """;

    private final ProxyBench bench = new ProxyBench();

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/socket.io/", "/ws/", "/dtable-server/ws/"})
    void carriesMessagesBothWays(String path) throws Exception {
        bench.owner("dtable-server-01", echo(bench.vertx));
        CompletableFuture<Buffer> text = new CompletableFuture<>();
        CompletableFuture<Buffer> large = new CompletableFuture<>();
        Buffer payload = Buffer.buffer(new byte[200_000]);

        WebSocket socket = get(bench.vertx
                .createWebSocketClient()
                .connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(bench.proxy.port())
                        .setURI(path + "?dtable_uuid=" + ProxyBench.UUID)));
        socket.textMessageHandler(message -> text.complete(Buffer.buffer(message)));
        socket.binaryMessageHandler(large::complete);
        get(socket.writeTextMessage("hello"));
        get(socket.writeBinaryMessage(payload));

        assertThat(text.get(20, TimeUnit.SECONDS)).hasToString("hello");
        assertThat(large.get(20, TimeUnit.SECONDS)).isEqualTo(payload);
        get(socket.close());
    }

    @Test
    void asksForTheUpgradeAsTheClientDid() throws Exception {
        RawTarget target = agreeing();

        bench.connect().send(UPGRADE).head();

        assertThat(target.seen().get(0))
                .startsWith("GET " + PATH + " HTTP/1.1\n")
                .containsIgnoringCase("\nconnection: Upgrade")
                .containsIgnoringCase("\nupgrade: websocket")
                .containsIgnoringCase("\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==")
                .containsIgnoringCase("\nsec-websocket-extensions: permessage-deflate")
                .doesNotContainIgnoringCase("\ncontent-length:")
                .doesNotContainIgnoringCase("\ntransfer-encoding:");
    }

    @Test
    void carriesWhateverBytesThereAre() throws Exception {
        agreeing();
        Wire client = bench.connect().send(UPGRADE);

        String agreed = client.head();
        String first = client.text(5);
        String echoed = client.send("\u0081\u0000?").text(3);

        assertThat(agreed)
                .startsWith("HTTP/1.1 101 ")
                .containsIgnoringCase("\nconnection: upgrade")
                .containsIgnoringCase("\nupgrade: websocket")
                .containsIgnoringCase("\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                .containsIgnoringCase("\nx-kept: 1");
        assertThat(first).isEqualTo("first");
        assertThat(echoed).isEqualTo("\u0081\u0000?");
    }

    @Test
    void endsWhenTheServerEnds() throws Exception {
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send(AGREED + "bye");
                            wire.close();
                        })
                        .url());

        Wire client = bench.connect().send(UPGRADE);
        client.head();

        assertThat(client.rest()).isEqualTo("bye");
    }

    @Test
    void endsWhenTheClientEnds() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send(AGREED);
                            received.complete(wire.rest());
                        })
                        .url());
        Wire client = bench.connect().send(UPGRADE);
        client.head();

        client.send("bye").close();

        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo("bye");
    }

    @Test
    void passesOnARefusalWithItsBodyAndKeepsTheConnection() throws Exception {
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send("HTTP/1.1 403 Forbidden\nContent-Length: 9\n\nno token!");
                        })
                        .url());
        Wire client = bench.connect();

        String first = client.send(UPGRADE).message();
        String second = client.send(UPGRADE).message();

        assertThat(first).startsWith("HTTP/1.1 403 ").endsWith("\n\nno token!");
        assertThat(second).isEqualTo(first);
    }

    @Test
    void asksTheNextOwnerWhenTheFormerRefuses() throws Exception {
        RawTarget former = bench.answering(ProxyBench.notOwner(null));
        bench.owner("former", former.url());
        RawTarget next = target();
        bench.register("next", next.url());
        Wire client = bench.connect().send(UPGRADE);
        ProxyBench.await("refused", () -> bench.retries(Setback.Cause.NOT_OWNER) > 0);

        bench.assign("next");

        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
        assertThat(client.text(5)).isEqualTo("first");
        assertThat(next.seen()).hasSize(1);
    }

    @Test
    void refusesAnUpgradeWithoutABase() throws Exception {
        String answer =
                bench.connect().send(UPGRADE.replace("dtable_uuid", "uuid")).message();

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"error\":\"no_base_uuid\"");
    }

    @Test
    void readsNoMoreThanTheOtherSideTakes() throws Exception {
        AtomicLong sent = new AtomicLong();
        byte[] piece = new byte[64 * 1024];
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send(AGREED);
                            while (sent.get() < 100_000_000) {
                                wire.sendBytes(piece);
                                sent.addAndGet(piece.length);
                            }
                        })
                        .url());
        Wire client = bench.connect().send(UPGRADE);
        client.head();

        ProxyBench.awaitStandstill(sent);

        assertThat(sent.get()).isLessThan(35_000_000);
    }

    @Test
    void takesNoConnectionsAwayFromRequests() throws Exception {
        ProxySettings narrow = ProxyBench.SETTINGS.withLimits(10, 1, 0);
        try (ProxyBench other = new ProxyBench(narrow)) {
            RawTarget target = RawTarget.start(wire -> {
                if (wire.head().contains("GET /socket.io/")) {
                    wire.send(AGREED);
                    wire.rest();
                } else {
                    wire.send(ProxyBench.ok("done"));
                }
            });
            other.owner("dtable-server-01", target.url());
            for (int i = 0; i < 3; i++) {
                assertThat(other.connect().send(UPGRADE).head()).startsWith("HTTP/1.1 101 ");
            }

            assertThat(other.get()).startsWith("HTTP/1.1 200 ");
            target.close();
        }
    }

    private RawTarget agreeing() throws IOException {
        RawTarget target = target();
        bench.owner("dtable-server-01", target.url());
        return target;
    }

    /** Agrees to an upgrade and, in the same packet, says something; then repeats what it hears. */
    private RawTarget target() throws IOException {
        RawTarget[] target = new RawTarget[1];
        target[0] = bench.raw(wire -> {
            target[0].seen().add(wire.head());
            wire.send(AGREED + "first");
            while (true) {
                wire.sendBytes(wire.bytes(1));
            }
        });
        return target[0];
    }

    private static String echo(Vertx vertx) throws Exception {
        HttpServer server = get(vertx.createHttpServer()
                .webSocketHandler(socket -> {
                    socket.textMessageHandler(socket::writeTextMessage);
                    socket.binaryMessageHandler(socket::writeBinaryMessage);
                })
                .listen(0, "127.0.0.1"));
        return "http://127.0.0.1:" + server.actualPort() + "/";
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
