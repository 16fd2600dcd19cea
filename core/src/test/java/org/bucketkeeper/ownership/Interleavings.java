package org.bucketkeeper.ownership;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;

/**
 * Runs a few threads in one order of their steps after the other. Deterministic: a test that fails, fails again, and
 * shows the order in which it does.
 */
final class Interleavings {

    private static final int ORDERS = 1_000;

    private Interleavings() {}

    /** Runs {@code block}, which starts from nothing each time, with its threads interleaved differently. */
    static void inEveryOrder(Runnable block) {
        Lincheck.runConcurrentTest(ORDERS, block);
    }

    /** Runs the tasks at the same time, and returns when all are done; throws what the first of them to fail threw. */
    static void run(Runnable... tasks) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (Runnable task : tasks) {
            threads.add(new Thread(() -> {
                try {
                    task.run();
                } catch (RuntimeException | AssertionError e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            join(thread);
        }
        Throwable first = failure.get();
        if (first != null) {
            throw new AssertionError(first.getMessage(), first);
        }
    }

    /** An assertion that costs the model checker few steps. */
    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
