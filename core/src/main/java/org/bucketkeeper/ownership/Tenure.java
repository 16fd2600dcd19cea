package org.bucketkeeper.ownership;

import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * The time during which this process owns a bucket, from one claim to its end: lets the application's callbacks write
 * with the right fencing token and stop when they may no longer.
 *
 * <p>Thread-safe; nothing blocks. A bucket that comes back later comes back as another tenure with a larger token.
 */
public final class Tenure {

    private final Bucket bucket;
    private final long fencingToken;
    private final Validity validity;
    private final Gate gate = new Gate();
    private volatile boolean revoked;

    Tenure(Bucket bucket, long fencingToken, Validity validity) {
        this.bucket = bucket;
        this.fencingToken = fencingToken;
        this.validity = validity;
    }

    /** Returns the bucket. */
    public Bucket bucket() {
        return bucket;
    }

    /**
     * Returns the number that storage compares to refuse a former owner: larger than that of every earlier owner of the
     * bucket, for as long as the store's history goes on.
     */
    public long fencingToken() {
        return fencingToken;
    }

    /**
     * Tells whether nobody else can own the bucket at this moment. Turns false for good when the tenure ends, and by
     * itself when the session was not renewed in time, even if no other code of this process gets to run. Reads the
     * clock; takes no lock.
     */
    public boolean isValid() {
        return !revoked && validity.holds();
    }

    /** Returns a guard; null if the bucket is handed over already, or nothing may be relied on any more. */
    @Nullable Guard tryEnter() {
        if (!gate.tryEnter()) {
            return null;
        }
        if (!isValid()) {
            gate.leave();
            return null;
        }
        return new Guard(this);
    }

    Gate gate() {
        return gate;
    }

    void revoke() {
        revoked = true;
    }

    /** Returns the bucket and the token, for messages. */
    @Override
    public String toString() {
        return "bucket " + bucket + " with token " + fencingToken;
    }
}
