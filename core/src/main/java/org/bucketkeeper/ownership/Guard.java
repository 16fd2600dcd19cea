package org.bucketkeeper.ownership;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.bucketkeeper.bucket.Bucket;

/**
 * Permission to work on the bases of one bucket: while a guard is open and {@link #isValid() valid}, no other process
 * has a valid one for that bucket, and the bucket is not handed over. Close it as soon as the work is done; a hand-over
 * waits for it.
 *
 * <pre>{@code
 * try (Guard guard = server.enter(baseId)) {
 *     storage.append(baseId, row, guard.fencingToken());
 * }
 * }</pre>
 *
 * <p>Thread-safe: may be passed to and closed on another thread. Nothing blocks.
 *
 * <p>Not guaranteed: that the guard is still valid when a write that follows {@link #isValid()} reaches the storage. A
 * process can be paused between the two for longer than any margin. Let the storage compare the
 * {@link #fencingToken()}, for which {@link org.bucketkeeper.fencing} has a ready check.
 */
public final class Guard implements AutoCloseable {

    private static final VarHandle CLOSED;

    static {
        try {
            CLOSED = MethodHandles.lookup().findVarHandle(Guard.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Tenure tenure;

    @SuppressWarnings("unused") // Accessed through CLOSED.
    private boolean closed;

    /** Takes over one entry through the tenure's gate. */
    Guard(Tenure tenure) {
        this.tenure = tenure;
    }

    /** Returns the bucket that the guard is for. */
    public Bucket bucket() {
        return tenure.bucket();
    }

    /** Returns the number to write with; see {@link Tenure#fencingToken()}. */
    public long fencingToken() {
        return tenure.fencingToken();
    }

    /**
     * Tells whether no other process can have a valid guard for the bucket at this moment; see {@link Tenure#isValid()}.
     * Once false it stays false. A closed guard is not valid.
     */
    public boolean isValid() {
        return !((boolean) CLOSED.getVolatile(this)) && tenure.isValid();
    }

    /** Ends the work; safe to call twice and from any thread. */
    @Override
    public void close() {
        if (CLOSED.compareAndSet(this, false, true)) {
            tenure.gate().leave();
        }
    }

    /** Returns the bucket and the token, for messages. */
    @Override
    public String toString() {
        return "guard of " + tenure;
    }
}
