package org.bucketkeeper.ownership;

/**
 * Lets any number of threads in until it is closed, and tells once when the last one has left after that.
 *
 * <p>Entering and leaving is one atomic addition each. Nobody is let in after {@code onDrained} has begun: entering and
 * closing act on one variable, so whoever entered before the closing is counted, and whoever came after sees it.
 *
 * <p>Thread-safe; nothing blocks.
 */
final class Gate extends GateCount {

    private static final long CLOSED = 1L << 62;
    private static final long DRAINED = 1L << 61;

    private volatile Runnable onDrained = () -> {};

    // The second half of the padding; the first is inherited.
    @SuppressWarnings("unused")
    private long p1, p2, p3, p4, p5, p6, p7, p8;

    /** Enters and returns true, or returns false if the gate is closed; who entered must {@link #leave()} once. */
    boolean tryEnter() {
        long before = (long) COUNT.getAndAdd(this, 1L);
        if ((before & CLOSED) == 0) {
            return true;
        }
        leave();
        return false;
    }

    /** Leaves; to be called exactly once for each successful {@link #tryEnter()}. */
    void leave() {
        long after = (long) COUNT.getAndAdd(this, -1L) - 1;
        if (after == CLOSED) {
            drained();
        }
    }

    /** Lets nobody in any more, and runs {@code task} once nobody is inside, on the thread of the last one to leave. */
    void close(Runnable task) {
        onDrained = task;
        long before = (long) COUNT.getAndBitwiseOr(this, CLOSED);
        if (before == 0) {
            drained();
        }
    }

    /** Returns how many are inside; a moment later it may be another number. */
    long inside() {
        return (long) COUNT.getVolatile(this) & (DRAINED - 1);
    }

    /**
     * May be reached more than once, by visitors who came too late and turned back. If one of them is at the gate now,
     * it is the one who will find the gate empty when it leaves.
     */
    private void drained() {
        if (COUNT.compareAndSet(this, CLOSED, CLOSED | DRAINED)) {
            onDrained.run();
        }
    }
}
