package org.bucketkeeper.fencing;

import org.bucketkeeper.bucket.Bucket;

/**
 * Says that a write came from a former owner: the storage has already seen a newer token for the bucket. The
 * transaction must be rolled back, and no retry with this token can ever pass.
 *
 * <p>Unchecked, because frameworks that manage transactions roll back on unchecked exceptions and commit on checked
 * ones. Immutable and thread-safe.
 */
public final class StaleTokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Bucket bucket;
    private final long token;
    private final long newerToken;

    StaleTokenException(Bucket bucket, long token, long newerToken) {
        super("bucket " + bucket + ": token " + token + " is stale; the storage has seen "
                + (newerToken == 0 ? "a newer one, which this transaction's snapshot is too old to show" : newerToken)
                + ". Roll back: this process no longer owns the bucket");
        this.bucket = bucket;
        this.token = token;
        this.newerToken = newerToken;
    }

    /** Returns the bucket that was to be written. */
    public Bucket bucket() {
        return bucket;
    }

    /** Returns the token that was refused; at least 1. */
    public long token() {
        return token;
    }

    /** Returns the newer token that the storage has seen; 0 if the transaction's snapshot is too old to show it. */
    public long newerToken() {
        return newerToken;
    }
}
