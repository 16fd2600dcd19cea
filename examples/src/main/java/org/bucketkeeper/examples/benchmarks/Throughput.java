package org.bucketkeeper.examples.benchmarks;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Counts how often something asynchronous gets done in a second, with so many of it under way at any time. */
final class Throughput {

    private final Supplier<? extends CompletionStage<?>> task;
    private final long end;
    private final CountDownLatch running;
    private final AtomicLong done = new AtomicLong();

    private Throughput(Supplier<? extends CompletionStage<?>> task, int atOnce, long end) {
        this.task = task;
        this.end = end;
        this.running = new CountDownLatch(atOnce);
    }

    static double of(Supplier<? extends CompletionStage<?>> task, int atOnce, Duration time)
            throws InterruptedException {
        long start = System.nanoTime();
        Throughput run = new Throughput(task, atOnce, start + time.toNanos());
        for (int i = 0; i < atOnce; i++) {
            run.next();
        }
        run.running.await();
        return run.done.get() * 1e9 / (System.nanoTime() - start);
    }

    private void next() {
        if (System.nanoTime() - end > 0) {
            running.countDown();
            return;
        }
        task.get().whenComplete((result, failure) -> {
            if (failure != null) {
                throw new IllegalStateException("a task failed", failure);
            }
            done.incrementAndGet();
            next();
        });
    }
}
