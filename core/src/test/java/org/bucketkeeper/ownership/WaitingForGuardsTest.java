package org.bucketkeeper.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bucketkeeper.VirtualCluster.KEYS;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that wait for a guard: real threads, real time, and latches that say when. */
class WaitingForGuardsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final UUID BASE = UUID.fromString("3f8a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2c");

    private final InMemoryStore store = InMemoryStore.create();
    private final CountDownLatch mayAcquire = new CountDownLatch(1);
    private final ClusterServer server = ClusterServer.builder(store.connect())
            .node(VirtualCluster.node("a"))
            .onAcquire(tenure -> awaitQuietly(mayAcquire))
            .start();
    private final ClusterMonitor monitor =
            ClusterMonitor.builder(store.connect()).settleWindow(Duration.ZERO).start();

    @AfterEach
    void close() {
        mayAcquire.countDown();
        monitor.close();
        server.close();
        store.close();
    }

    @Test
    void aThreadWaitsUntilTheBucketIsOwned() throws Exception {
        FutureTask<Guard> waiting = new FutureTask<>(() -> server.ownership().enter(BASE, PATIENCE));
        Thread thread = new Thread(waiting);
        thread.start();
        awaitState(thread, Thread.State.TIMED_WAITING);

        mayAcquire.countDown();

        try (Guard guard = waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            assertThat(guard.isValid()).isTrue();
        }
    }

    @Test
    void aThreadIsRefusedWhenItsTimeIsOver() {
        assertThatThrownBy(() -> server.enter(BASE.toString(), Duration.ofMillis(20)))
                .isInstanceOf(NotOwnerException.class);
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                server.ownership().enter(BASE, PATIENCE).close();
                ended.complete(new AssertionError("not interrupted"));
            } catch (InterruptedException | NotOwnerException e) {
                ended.complete(e);
            }
        });
        waiting.start();
        awaitState(waiting, Thread.State.TIMED_WAITING);

        waiting.interrupt();

        assertThat(ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void anInterruptedCloseTakesNoClaimAwayFromWhatIsStillLoaded() throws Exception {
        mayAcquire.countDown();
        try (Guard guard = server.ownership().enter(BASE, PATIENCE)) {
            Thread.currentThread().interrupt();

            server.close();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(guard.isValid()).isTrue();
            assertThat(claims()).contains(KEYS.claim(guard.bucket()));
        }
    }

    @Test
    void aNegativeWaitIsRefused() {
        assertThatThrownBy(() -> server.enter(BASE.toString(), Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxWait");
    }

    private Set<String> claims() throws Exception {
        Set<String> keys = new HashSet<>();
        for (Entry entry :
                store.connect().read(KEYS.claims()).toCompletableFuture().get().entries()) {
            keys.add(entry.key());
        }
        return keys;
    }

    private static void awaitState(Thread thread, Thread.State state) {
        while (thread.getState() != state) {
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
