package org.bucketkeeper.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starting without a store, and stopping. */
@Timeout(60)
class ProxyLifeTest {

    private static final ProxySettings SHORT =
            ProxyBench.SETTINGS.withTimeouts(Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofMillis(500));
    private static final String GET = "GET " + ProxyBench.PATH + " HTTP/1.1\nHost: proxy\n\n";

    private ProxyBench bench = new ProxyBench();

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void saysWhatRunsWhere() {
        assertThat(bench.proxy.startLine())
                .isEqualTo("dtable-server-proxy on http://127.0.0.1:" + bench.proxy.port()
                        + "/, cluster /bucketkeeper/default/ on etcd localhost:2379");
    }

    @Test
    void answersWithoutAStoreAndGoesOnWhenItComes() throws Exception {
        InMemoryStore store = InMemoryStore.create();
        store.stop();
        restart(SHORT, store);

        String without = bench.get();
        store.start();
        bench.owner("dtable-server-01", bench.answering(ProxyBench.ok("done")).url());
        String with = bench.get();

        assertThat(without).startsWith("HTTP/1.1 503 ").contains("no assignment was read yet");
        assertThat(with).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void goesOnWithTheLastTableWhileTheStoreIsAway() throws Exception {
        bench.owner("dtable-server-01", bench.answering(ProxyBench.ok("done")).url());

        bench.store.stop();

        assertThat(bench.get()).startsWith("HTTP/1.1 200 ");
        bench.store.start();
    }

    @Test
    void finishesWhatRunsBeforeItStops() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            asked.countDown();
                            await(goOn);
                            wire.send(ProxyBench.ok("done"));
                        })
                        .url());
        Wire client = bench.connect().send(GET);
        await(asked);

        CompletableFuture<Void> stopped = bench.proxy.stop().toCompletableFuture();
        ProxyBench.await("closed to newcomers", this::refusesConnections);
        boolean stoppedEarly = stopped.isDone();
        goOn.countDown();

        assertThat(stoppedEarly).isFalse();
        assertThat(client.message())
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("\nconnection: close\n")
                .endsWith("\n\ndone");
        assertThat(client.rest()).isEmpty();
        stopped.get(20, TimeUnit.SECONDS);
    }

    @Test
    void doesNotWaitForEverBeforeItStops() throws Exception {
        restart(SHORT, InMemoryStore.create());
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
        bench.connect().send(GET);
        await(asked);

        bench.proxy.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);

        await(dropped);
    }

    @Test
    void endsWebSocketsWhenItStops() throws Exception {
        bench.owner(
                "dtable-server-01",
                bench.raw(wire -> {
                            wire.head();
                            wire.send("HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: websocket\n\n");
                            wire.rest();
                        })
                        .url());
        Wire client = bench.connect()
                .send("GET /ws/?dtable_uuid=" + ProxyBench.UUID
                        + " HTTP/1.1\nHost: proxy\nConnection: Upgrade\nUpgrade: websocket\n\n");
        client.head();

        bench.proxy.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);

        client.awaitEnd();
    }

    @Test
    void stopsOnceHoweverOftenItIsTold() throws Exception {
        bench.proxy.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);

        assertThat(bench.proxy.stop().toCompletableFuture()).isCompleted();
    }

    private boolean refusesConnections() {
        try {
            Wire.connect(bench.proxy.port()).close();
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    private void restart(ProxySettings settings, InMemoryStore store) throws Exception {
        bench.close();
        bench = new ProxyBench(settings, store);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
