package org.bucketkeeper.testing;

import java.time.Duration;
import java.util.SplittableRandom;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.memory.Direction;
import org.bucketkeeper.store.memory.InMemoryClient;
import org.bucketkeeper.store.memory.InMemoryStore;

/** The in-memory store keeps the contract where requests and answers take their time and overtake each other. */
class SlowInMemoryStoreConformanceTest extends CoordinationStoreConformance {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryStore store = InMemoryStore.on(time.newLoop());
    private final SplittableRandom random = new SplittableRandom(20);

    @Override
    protected CoordinationStore openClient() {
        InMemoryClient client = store.connect();
        client.faults().slowWithJitter(Direction.BOTH, Duration.ofMillis(1), Duration.ofMillis(9), random.split());
        return client;
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
        return Duration.ofMillis(100);
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
