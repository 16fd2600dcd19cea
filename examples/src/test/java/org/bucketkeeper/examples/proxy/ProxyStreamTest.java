package org.bucketkeeper.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large bodies, and connections that break while they pass. */
@Timeout(120)
class ProxyStreamTest {

    private static final int PIECE = 64 * 1024;
    private static final int PIECES = 1600;
    private static final long SIZE = (long) PIECE * PIECES;
    private static final String GET = "GET " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\n\n";
    private static final String POST =
            "POST " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\nContent-Length: " + SIZE + "\n\n";

    /** What the buffers of three connections take at most; a body that is kept in memory is three times as large. */
    private static final long BUFFERS = SIZE / 3;

    private ProxyBench bench = new ProxyBench();

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void passesALargeBodyUp() throws Exception {
        CRC32 received = new CRC32();
        bench.owner("dtable-server-01", bench.server(request -> {
            request.handler(piece -> received.update(piece.getBytes()));
            request.endHandler(end -> request.response().end(request.bytesRead() + " " + received.getValue()));
            if (request.headers().contains("Expect")) {
                request.response().writeContinue();
            }
        }));
        CRC32 sent = new CRC32();
        Wire client = bench.connect().send(POST);

        writeAll(client, sent, new AtomicLong());

        assertThat(client.message()).startsWith("HTTP/1.1 200 ").endsWith("\n\n" + SIZE + " " + sent.getValue());
    }

    @Test
    void passesALargeBodyDown() throws Exception {
        CRC32 sent = new CRC32();
        bench.owner("dtable-server-01", bench.server(request -> {
            request.response().putHeader("Content-Length", Long.toString(SIZE));
            writeAll(request.response(), sent, 0);
        }));
        Wire client = bench.connect().send(GET);
        client.head();

        CRC32 received = new CRC32();
        for (int i = 0; i < PIECES; i++) {
            received.update(client.bytes(PIECE));
        }

        assertThat(received.getValue()).isEqualTo(sent.getValue());
    }

    @Test
    void readsNoMoreFromTheClientThanTheServerTakes() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send("HTTP/1.1 100 Continue\n\n");
                            await(goOn);
                            for (int i = 0; i < PIECES; i++) {
                                wire.bytes(PIECE);
                            }
                            wire.send(ProxyBench.ok("done"));
                        })
                        .url());
        Wire client = bench.connect().send(POST);
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> writeAll(client, new CRC32(), sent));

        ProxyBench.awaitStandstill(sent);
        long whileBlocked = sent.get();
        goOn.countDown();
        sending.get(60, TimeUnit.SECONDS);

        assertThat(whileBlocked).isGreaterThan(0).isLessThan(BUFFERS);
        assertThat(client.message()).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void readsNoMoreFromTheServerThanTheClientTakes() throws Exception {
        AtomicLong sent = new AtomicLong();
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send("HTTP/1.1 200 OK\nContent-Length: " + SIZE + "\n\n");
                            writeAll(wire, new CRC32(), sent);
                        })
                        .url());
        Wire client = bench.connect().send(GET);
        client.head();

        ProxyBench.awaitStandstill(sent);
        long whileBlocked = sent.get();
        for (int i = 0; i < PIECES; i++) {
            client.bytes(PIECE);
        }

        assertThat(whileBlocked).isGreaterThan(0).isLessThan(BUFFERS);
    }

    @Test
    void passesEachPieceOnWhenItComes() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send("HTTP/1.1 200 OK\nContent-Length: 10\n\nfirst");
                            await(goOn);
                            wire.send("later");
                        })
                        .url());
        Wire client = bench.connect().send(GET);
        client.head();

        String first = client.text(5);
        goOn.countDown();

        assertThat(first).isEqualTo("first");
        assertThat(client.text(5)).isEqualTo("later");
    }

    @Test
    void letsAClientThatSendsAllTheSameReadItsAnswer() throws Exception {
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send("HTTP/1.1 413 Content Too Large\nContent-Length: 2\n\nno");
                            wire.awaitEnd();
                        })
                        .url());
        Wire client = bench.connect().send(POST);

        writeAll(client, new CRC32(), new AtomicLong());

        assertThat(client.message()).startsWith("HTTP/1.1 413 ").endsWith("\n\nno");
        assertThat(client.rest()).isEmpty();
    }

    @Test
    void passesAnAnswerOnWhileTheBodyIsStillComing() throws Exception {
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send("HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
                            wire.send(
                                    "5\n" + wire.text("5\r\nfirst\r\n".length()).substring(2));
                            wire.send(
                                    "5\n" + wire.text("5\r\nlater\r\n".length()).substring(2));
                            wire.send("0\n\n");
                        })
                        .url());
        Wire client = bench.connect()
                .send("POST " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\nTransfer-Encoding: chunked\n\n");
        client.head();

        String first = client.send("5\nfirst\n").text("5\r\nfirst\r\n".length());
        String later = client.send("5\nlater\n").text("5\r\nlater\r\n".length());

        assertThat(first).contains("first");
        assertThat(later).contains("later");
    }

    @Test
    void doesNotTimeOutWhileSomethingMoves() throws Exception {
        bench.close();
        bench = new ProxyBench(
                ProxyBench.SETTINGS.withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(5)));
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send("HTTP/1.1 200 OK\nContent-Length: 12\n\n");
                            for (int i = 0; i < 12; i++) {
                                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                                wire.send("x");
                            }
                        })
                        .url());

        assertThat(bench.get()).endsWith("\n\nxxxxxxxxxxxx");
    }

    @Test
    void dropsTheRequestWhenTheClientGoesWhileTheServerThinks() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch dropped = new CountDownLatch(1);
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            asked.countDown();
                            wire.awaitEnd();
                            dropped.countDown();
                        })
                        .url());
        Wire client = bench.connect().send(GET);
        await(asked);

        client.close();

        await(dropped);
    }

    @Test
    void dropsTheRequestWhenTheClientGoesInTheMiddleOfItsBody() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        CountDownLatch coming = new CountDownLatch(1);
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send("HTTP/1.1 100 Continue\n\n");
                            wire.text(5);
                            coming.countDown();
                            try {
                                received.complete(wire.rest());
                            } catch (IOException reset) {
                                received.complete("reset");
                            }
                        })
                        .url());
        Wire client = bench.connect()
                .send("POST " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\nTransfer-Encoding: chunked\n\n2\nhi\n");
        await(coming);

        client.reset();

        assertThat(received.get(20, TimeUnit.SECONDS)).doesNotContain("0\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nContent-Length: 100\n\nonly so much",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nfirst\n",
                "HTTP/1.1 200 OK\n\nuntil the end"
            })
    void neverEndsABrokenAnswerAsIfItWereWhole(String beginning) throws Exception {
        for (String version : new String[] {"1.1", "1.0"}) {
            CountDownLatch seen = new CountDownLatch(1);
            bench.owner(
                    "dtable-server-" + version,
                    bench.raw(wire -> {
                                wire.head();
                                wire.send(beginning);
                                await(seen);
                                wire.reset();
                            })
                            .url());
            Wire client = bench.connect().send(GET.replace("1.1", version));
            client.head();
            seen.countDown();

            assertThatThrownBy(client::rest).as("HTTP/" + version).isInstanceOf(IOException.class);
        }
    }

    private static void writeAll(Wire wire, CRC32 sum, AtomicLong sent) {
        byte[] piece = new byte[PIECE];
        try {
            OutputStream out = wire.socket().getOutputStream();
            for (int i = 0; i < PIECES; i++) {
                piece[i % PIECE]++;
                sum.update(piece);
                out.write(piece);
                sent.addAndGet(PIECE);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void writeAll(HttpServerResponse response, CRC32 sum, int done) {
        for (int i = done; i < PIECES; i++) {
            if (response.writeQueueFull()) {
                int next = i;
                response.drainHandler(drained -> writeAll(response, sum, next));
                return;
            }
            byte[] piece = new byte[PIECE];
            piece[i] = 1;
            sum.update(piece);
            response.write(Buffer.buffer(piece));
        }
        response.end();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
