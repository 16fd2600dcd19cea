package org.bucketkeeper.testing.simulation;

import java.util.PriorityQueue;

/** The one queue that all processes of a run share: what happens next, and at what true time. */
final class Scheduler {

    private final PriorityQueue<Step> queue = new PriorityQueue<>();
    private final History history;
    private long now;
    private long sequence;
    private long steps;
    private long stepsWithoutTime;

    private static final class Step implements Comparable<Step> {

        private final long time;
        private final long sequence;
        private final int actor;
        private final Runnable body;

        Step(long time, long sequence, int actor, Runnable body) {
            this.time = time;
            this.sequence = sequence;
            this.actor = actor;
            this.body = body;
        }

        @Override
        public int compareTo(Step other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    Scheduler(History history) {
        this.history = history;
    }

    /** Returns the nanoseconds of true time since the beginning of the run. */
    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    /** Returns how many steps were taken since time last passed. */
    long stepsWithoutTime() {
        return stepsWithoutTime;
    }

    void note(String actor, String what) {
        history.note(now, actor, what);
    }

    /** Runs {@code body} at a time, or now if that is over. */
    void at(long time, int actor, Runnable body) {
        queue.add(new Step(Math.max(now, time), sequence++, actor, body));
    }

    /** Runs {@code body} after {@code nanos}. */
    void after(long nanos, int actor, Runnable body) {
        at(now + nanos, actor, body);
    }

    /** Takes the next step if it is due by {@code end}; otherwise lets the time pass until then and returns false. */
    boolean stepUntil(long end) {
        Step next = queue.peek();
        if (next == null || next.time > end) {
            now = Math.max(now, end);
            stepsWithoutTime = 0;
            return false;
        }
        queue.remove();
        stepsWithoutTime = next.time > now ? 0 : stepsWithoutTime + 1;
        now = next.time;
        steps++;
        history.step(now, next.actor);
        next.body.run();
        return true;
    }
}
