package org.bucketkeeper.examples.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;
import org.bucketkeeper.testing.simulation.Simulation;
import org.bucketkeeper.testing.simulation.SimulationResult;
import org.bucketkeeper.testing.simulation.SimulationSettings;

/** Runs many seeds on all cores. */
final class SeedRuns {

    private static final int ENOUGH_FAILURES = 10;
    private static final int DIGEST_BYTES = 32;

    private final int count;
    private final IntToLongFunction seeds;
    private final SimulationSettings settings;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final ConcurrentLinkedQueue<SimulationResult> failures = new ConcurrentLinkedQueue<>();
    private final byte[] digest = new byte[DIGEST_BYTES];

    /** Prepares {@code count} runs, the seeds of which are told by their places. */
    SeedRuns(int count, IntToLongFunction seeds, SimulationSettings settings) {
        this.count = count;
        this.seeds = seeds;
        this.settings = settings;
    }

    /** Runs all, or until there are enough failures, and tells now and then how many are done. */
    void run(Duration interval, IntConsumer progress) throws InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(cores);
        try {
            for (int i = 0; i < cores; i++) {
                pool.execute(this::work);
            }
            pool.shutdown();
            while (!pool.awaitTermination(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                progress.accept(done.get());
            }
        } finally {
            pool.shutdownNow();
        }
    }

    int done() {
        return done.get();
    }

    /** Returns the runs in which a promise was broken, by seed. */
    List<SimulationResult> failures() {
        List<SimulationResult> sorted = new ArrayList<>(failures);
        sorted.sort((one, other) -> Long.compare(one.seed(), other.seed()));
        return sorted;
    }

    /** Returns one digest of all runs, whatever their order was. */
    String digest() {
        synchronized (digest) {
            return HexFormat.of().formatHex(digest);
        }
    }

    private void work() {
        int place = next.getAndIncrement();
        while (place < count
                && failures.size() < ENOUGH_FAILURES
                && !Thread.currentThread().isInterrupted()) {
            SimulationResult result = Simulation.run(seeds.applyAsLong(place), settings);
            if (result.violation() != null) {
                failures.add(result);
            }
            add(HexFormat.of().parseHex(result.digest()));
            done.incrementAndGet();
            place = next.getAndIncrement();
        }
    }

    private void add(byte[] one) {
        synchronized (digest) {
            for (int i = 0; i < DIGEST_BYTES; i++) {
                digest[i] ^= one[i];
            }
        }
    }
}
