package org.bucketkeeper.driver;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loop that production runs on: one daemon thread, and {@link System#nanoTime()} as its clock. */
public final class SystemEventLoop implements EventLoop {

    private static final Logger LOG = LoggerFactory.getLogger(SystemEventLoop.class);
    private static final Timer NOTHING_TO_CANCEL = () -> {};

    private final ScheduledThreadPoolExecutor executor;

    /** Creates a loop; its thread starts with the first task and is called {@code threadName}. */
    public SystemEventLoop(String threadName) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant timeOfDay() {
        return Instant.now();
    }

    @Override
    public void execute(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        try {
            var future = executor.schedule(() -> runLogged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return NOTHING_TO_CANCEL;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private static void runLogged(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A task failed on the event loop; the loop goes on", e);
        }
    }
}
