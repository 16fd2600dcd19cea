package org.bucketkeeper.testing;

import java.time.Duration;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.memory.InMemoryStore;

/** The in-memory store keeps the contract in virtual time. */
class InMemoryStoreConformanceTest extends CoordinationStoreConformance {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryStore store = InMemoryStore.on(time.newLoop());

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

    @Override
    protected Duration expiryDelay() {
        return Duration.ZERO;
    }

    @Override
    protected void passTime(Duration duration) {
        time.advance(duration);
    }

    @Override
    protected long nanoTime() {
        return time.nanoTime();
    }
}
