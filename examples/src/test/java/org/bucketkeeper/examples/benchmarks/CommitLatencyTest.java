package org.bucketkeeper.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.memory.Direction;
import org.bucketkeeper.store.memory.InMemoryClient;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommitLatencyTest {

    private static final String PREFIX = "/bucketkeeper/benchmark-test/";
    private static final Duration DELAY = Duration.ofMillis(5);

    private final InMemoryStore store = InMemoryStore.create();

    @AfterEach
    void closeStore() {
        store.close();
    }

    /** The commit needs one delay to reach the store, and its news another to come back. */
    @Test
    void countsFromTheCallToTheNews() throws Exception {
        CommitLatency.Times times;
        try (CommitLatency latency = new CommitLatency(this::connectSlowly, PREFIX)) {
            times = latency.measure(1, 5);
        }

        assertThat(times.watched().median())
                .isGreaterThanOrEqualTo(DELAY.multipliedBy(2).toNanos());
        assertThat(times.routed().median())
                .isGreaterThanOrEqualTo(DELAY.multipliedBy(2).toNanos());
    }

    @Test
    void leavesNothingBehind() throws Exception {
        try (CommitLatency latency = new CommitLatency(store::connect, PREFIX)) {
            latency.measure(0, 1);
        }

        try (CoordinationStore observer = store.connect()) {
            assertThat(observer.read("").toCompletableFuture().get().entries()).isEmpty();
        }
    }

    private InMemoryClient connectSlowly() {
        InMemoryClient client = store.connect();
        client.faults().slow(Direction.TO_STORE, DELAY);
        client.faults().slow(Direction.FROM_STORE, DELAY);
        return client;
    }
}
