package org.bucketkeeper.driver;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/**
 * Time that passes only when a test or a simulation says so, and the loops that live in it: hours go by in
 * milliseconds, and the same calls give the same history every time.
 *
 * <p>All loops of one instance share one queue: tasks run in order of their time, and of their submission where times
 * are equal, on the thread that advances the time. A task that throws passes its exception on to that thread, so that
 * a test sees it. Not thread-safe.
 */
public final class VirtualTime {

    private final PriorityQueue<Task> queue = new PriorityQueue<>();
    private long now;
    private long sequence;

    /** Returns the nanoseconds that have passed since this object was made. */
    public long nanoTime() {
        return now;
    }

    /** Creates a loop that lives in this time. */
    public EventLoop newLoop() {
        return new Loop();
    }

    /** Runs what is due now, including what that brings about without delay. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /** Lets {@code duration} pass and runs everything that falls due on the way, each task at its own time. */
    public void advance(Duration duration) {
        long end = Math.addExact(now, duration.toNanos());
        Task next = queue.peek();
        while (next != null && next.due <= end) {
            queue.remove();
            now = Math.max(now, next.due);
            next.run();
            next = queue.peek();
        }
        now = end;
    }

    private static final class Task implements Comparable<Task> {

        private final long due;
        private final long sequence;
        private final Loop loop;
        private final Runnable body;
        private boolean cancelled;

        Task(long due, long sequence, Loop loop, Runnable body) {
            this.due = due;
            this.sequence = sequence;
            this.loop = loop;
            this.body = body;
        }

        void run() {
            if (!cancelled && !loop.closed) {
                body.run();
            }
        }

        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(due, other.due);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final class Loop implements EventLoop {

        private boolean closed;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Instant timeOfDay() {
            return Instant.EPOCH.plusNanos(now);
        }

        @Override
        public void execute(Runnable task) {
            schedule(Duration.ZERO, task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable body) {
            Task task = new Task(now + Math.max(0, delay.toNanos()), sequence++, this, body);
            queue.add(task);
            return () -> task.cancelled = true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
