package org.bucketkeeper.testing;

import java.time.Duration;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.junit.jupiter.api.AfterEach;

/** The in-memory store keeps the contract on a thread of its own, and the kit works in real time. */
class InMemoryStoreRealTimeConformanceTest extends CoordinationStoreConformance {

    private final InMemoryStore store = InMemoryStore.create();

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Override
    protected CoordinationStore openClient() {
        return store.connect();
    }

    @Override
    protected void compact(long revision) {
        store.compact(revision);
    }

    @Override
    protected Duration shortestTtl() {
        return Duration.ofSeconds(1);
    }
}
