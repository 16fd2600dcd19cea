package org.bucketkeeper.driver;

import java.time.Duration;
import java.time.Instant;

/**
 * Runs the tasks of one process one after the other and tells its time, so that a protocol needs neither locks nor a
 * clock of its own and runs unchanged in production and in simulation.
 *
 * <p>Tasks never overlap and run in the order in which they fall due. A task that throws is logged and does not stop
 * the loop. All methods may be called from any thread and return at once.
 *
 * <p>Not guaranteed: that a task runs on time. A paused process runs its tasks late; whoever depends on a deadline
 * compares it with {@link #nanoTime()} when it matters.
 */
public interface EventLoop extends AutoCloseable {

    /**
     * Tells the time on this process's monotonic clock, in nanoseconds since an arbitrary origin; never goes back.
     * Values are compared by subtraction, and only with values of the same loop.
     */
    long nanoTime();

    /** Tells the time of day, for people to read; it may jump, so nothing is decided by it. */
    Instant timeOfDay();

    /** Runs {@code task} as soon as the tasks before it are done; does nothing on a closed loop. */
    void execute(Runnable task);

    /**
     * Runs {@code task} once, {@code delay} from now or as soon as possible after; a negative delay counts as zero.
     * Does nothing on a closed loop.
     */
    Timer schedule(Duration delay, Runnable task);

    /** Drops the tasks that have not begun and takes no more; returns at once, and is safe to call twice. */
    @Override
    void close();

    /** A task that waits for its time. */
    @FunctionalInterface
    interface Timer {

        /** Drops the task unless it has begun; safe to call twice. */
        void cancel();
    }
}
