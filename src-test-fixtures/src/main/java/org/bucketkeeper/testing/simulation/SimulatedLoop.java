package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import org.bucketkeeper.driver.EventLoop;

/**
 * An event loop in virtual time: keeps the order of its own tasks, as the real one does, but begins each a little late,
 * so that the tasks of different loops come in another order with every seed.
 */
final class SimulatedLoop implements EventLoop {

    private static final Timer NOTHING_TO_CANCEL = () -> {};

    private final Machine machine;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long sequence;
    private long armedAt = Long.MAX_VALUE;
    private long arming;
    private boolean closed;

    private static final class Task implements Comparable<Task> {

        private final long due;
        private final long sequence;
        private final Runnable body;
        private boolean cancelled;

        Task(long due, long sequence, Runnable body) {
            this.due = due;
            this.sequence = sequence;
            this.body = body;
        }

        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(due, other.due);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    SimulatedLoop(Machine machine) {
        this.machine = machine;
    }

    @Override
    public long nanoTime() {
        return machine.nanoTime();
    }

    @Override
    public Instant timeOfDay() {
        return Instant.EPOCH.plusNanos(machine.scheduler().now());
    }

    @Override
    public void execute(Runnable task) {
        add(machine.scheduler().now(), task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return add(machine.clock().trueTimeAfter(machine.scheduler().now(), delay.toNanos()), task);
    }

    @Override
    public void close() {
        closed = true;
        tasks.clear();
    }

    /** Makes sure that the loop wakes up for its next task. */
    void arm() {
        while (!tasks.isEmpty() && tasks.peek().cancelled) {
            tasks.remove();
        }
        Task next = tasks.peek();
        if (closed || next == null || machine.isPaused() || armedAt <= next.due) {
            return;
        }
        armedAt = next.due;
        arming++;
        long number = arming;
        long time = Math.max(machine.scheduler().now(), next.due) + machine.lag();
        machine.scheduler().at(time, machine.number(), () -> wake(number));
    }

    private Timer add(long due, Runnable body) {
        if (closed) {
            return NOTHING_TO_CANCEL;
        }
        Task task = new Task(due, sequence++, body);
        tasks.add(task);
        arm();
        return () -> task.cancelled = true;
    }

    private void wake(long number) {
        if (number != arming) {
            return;
        }
        armedAt = Long.MAX_VALUE;
        if (machine.isPaused() || closed) {
            return;
        }
        Task next = tasks.poll();
        while (next != null && next.cancelled) {
            next = tasks.poll();
        }
        if (next != null && next.due > machine.scheduler().now()) {
            tasks.add(next);
        } else if (next != null) {
            machine.runNow(next.body);
        }
        arm();
    }
}
