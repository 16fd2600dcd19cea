package org.bucketkeeper.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the server end the leases that ran out, each as soon as it does: every client asks for it when the next lease is
 * due, and every few seconds at least. The server looks at its own clock, so it does not matter who asks when.
 */
final class LeaseSweeper {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseSweeper.class);

    /** Leases of this length or more are ended in time even if they were granted since the last look. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private static final Duration WAIT_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final long LARGEST_JITTER_MICROS = 10_000;

    private final String store;
    private final Supplier<CompletableFuture<List<String>>> sweep;
    private final ScheduledExecutorService timer;
    private final AtomicBoolean started = new AtomicBoolean();

    /** @param sweep asks the server; fails if it does not answer in time */
    LeaseSweeper(String store, Supplier<CompletableFuture<List<String>>> sweep, ScheduledExecutorService timer) {
        this.store = store;
        this.sweep = sweep;
        this.timer = timer;
    }

    /** Begins, unless it has begun; ends with the timer. */
    void start() {
        if (started.compareAndSet(false, true)) {
            after(LONGEST_WAIT);
        }
    }

    private void after(Duration wait) {
        long jitter = ThreadLocalRandom.current().nextLong(1, LARGEST_JITTER_MICROS);
        try {
            Future<?> unused = timer.schedule(this::run, wait.toNanos() / 1_000 + jitter, TimeUnit.MICROSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: leases are no longer looked after: the store is closed", store, e);
        }
    }

    private void run() {
        CompletableFuture<Duration> unused = sweep.get()
                .thenApply(LeaseSweeper::untilNext)
                .whenComplete((next, error) -> {
                    if (next == null) {
                        LOG.debug("{}: leases were not looked after", store, error);
                    }
                    after(next == null ? WAIT_AFTER_FAILURE : next);
                });
    }

    private static Duration untilNext(List<String> answer) {
        long micros = Long.parseLong(answer.get(1));
        Duration next = Duration.ofNanos(Math.max(0, micros) * 1_000);
        return micros < 0 || next.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : next;
    }
}
