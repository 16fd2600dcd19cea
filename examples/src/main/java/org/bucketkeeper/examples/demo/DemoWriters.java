package org.bucketkeeper.examples.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.bucketkeeper.ownership.BucketOwnership;
import org.bucketkeeper.ownership.Guard;
import org.bucketkeeper.ownership.NotOwnerException;
import org.bucketkeeper.routing.NoOwnerException;
import org.jspecify.annotations.Nullable;

/** Users at work: threads that write to random bases all the time, each through a guard of the server that owns it. */
final class DemoWriters implements AutoCloseable {

    private static final int THREADS = 2;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final DemoCluster cluster;
    private final DemoLedger ledger = new DemoLedger();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean working = true;

    DemoWriters(DemoCluster cluster) {
        this.cluster = cluster;
        for (int i = 0; i < THREADS; i++) {
            SplittableRandom random = new SplittableRandom(i);
            Thread thread = new Thread(() -> work(random), "demo-writer-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** Stops the work and returns what is to be seen. */
    List<Check> stop() throws InterruptedException {
        close();
        for (Thread thread : threads) {
            thread.join(Waiting.PATIENCE.toMillis());
        }
        long writes = acknowledged.get();
        return List.of(
                Check.of("users wrote meanwhile", writes > 0, "nobody did"),
                Check.of("every request found its owner", failed.get() == 0, failed + " did not"),
                Check.of(
                        "every write that was acknowledged is in storage",
                        ledger.written() == writes,
                        ledger.written() + " of " + writes + " are"),
                Check.of(
                        "storage had no write of a former owner to refuse",
                        ledger.refused() == 0,
                        "it refused " + ledger.refused()));
    }

    long acknowledged() {
        return acknowledged.get();
    }

    @Override
    public void close() {
        working = false;
    }

    private void work(SplittableRandom random) {
        try {
            while (working) {
                write(new UUID(random.nextLong(), random.nextLong()));
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does what a proxy does: asks the owner that the router names, and again as long as the answer is "not I". */
    private void write(UUID base) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < REQUEST_TIMEOUT.toNanos()) {
            try (Guard guard = enter(base)) {
                if (guard != null && guard.isValid() && ledger.write(guard)) {
                    acknowledged.incrementAndGet();
                    return;
                }
            } catch (NotOwnerException | NoOwnerException askAgain) {
                Thread.sleep(PAUSE.toMillis());
            }
        }
        failed.incrementAndGet();
    }

    private @Nullable Guard enter(UUID base) throws InterruptedException {
        BucketOwnership owner =
                cluster.ownership(cluster.router().route(base).node().nodeId());
        return owner == null ? null : owner.enter(base, REQUEST_TIMEOUT);
    }
}
