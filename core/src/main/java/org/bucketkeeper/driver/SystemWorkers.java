package org.bucketkeeper.driver;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers that production runs on: a few daemon threads that many short calls share, and as many more as there are
 * calls that do not return. Threads without work end after a while.
 */
public final class SystemWorkers implements Workers {

    private static final Logger LOG = LoggerFactory.getLogger(SystemWorkers.class);
    private static final int FEW = 2;
    private static final int MOST = 1024;
    private static final Duration KEEP_IDLE = Duration.ofSeconds(10);
    private static final Duration STALL = Duration.ofMillis(10);

    private final EventLoop clock;
    private final ThreadPoolExecutor executor;
    private final AtomicBoolean watching = new AtomicBoolean();

    /**
     * Creates workers without threads; these start with the first call and are called {@code threadName} and a number.
     *
     * @param clock looks after calls that wait too long; must not be blocked by them
     */
    public SystemWorkers(String threadName, EventLoop clock) {
        this.clock = clock;
        AtomicInteger number = new AtomicInteger();
        executor = new ThreadPoolExecutor(
                FEW, FEW, KEEP_IDLE.toNanos(), TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, threadName + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public void run(Runnable call) {
        try {
            executor.execute(() -> runLogged(call));
        } catch (RejectedExecutionException closed) {
            return;
        }
        watchForStall();
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    /** More threads are made only when the queue stands still, so that a burst of short calls does not start many. */
    private void watchForStall() {
        if (!executor.getQueue().isEmpty() && watching.compareAndSet(false, true)) {
            long done = executor.getCompletedTaskCount();
            clock.schedule(STALL, () -> {
                watching.set(false);
                if (executor.getCompletedTaskCount() == done) {
                    int wanted = executor.getActiveCount() + executor.getQueue().size();
                    resize(Math.min(MOST, Math.max(FEW, wanted)));
                }
                watchForStall();
            });
        }
    }

    /** Only grows: threads without work end by themselves. */
    private void resize(int threads) {
        if (threads > executor.getCorePoolSize()) {
            executor.setMaximumPoolSize(threads);
            executor.setCorePoolSize(threads);
        }
    }

    private static void runLogged(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A call failed on a worker thread", e);
        }
    }
}
