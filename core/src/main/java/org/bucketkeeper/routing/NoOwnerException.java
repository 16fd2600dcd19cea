package org.bucketkeeper.routing;

import org.bucketkeeper.bucket.Bucket;

/**
 * Says that a bucket is served by nobody now: no table was read yet, the bucket is not assigned, or it is assigned to a
 * node that was never heard of. Worth a retry a little later. Made without a stack trace, because it may be thrown for
 * every request while it lasts.
 */
public final class NoOwnerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Bucket bucket;
    private final long revision;

    NoOwnerException(Bucket bucket, long revision) {
        super(
                revision == 0
                        ? "bucket " + bucket + " has no owner: no assignment was read yet"
                        : "bucket " + bucket + " has no owner in the assignment at revision " + revision,
                null,
                false,
                false);
        this.bucket = bucket;
        this.revision = revision;
    }

    /** Returns the bucket that was asked for. */
    public Bucket bucket() {
        return bucket;
    }

    /** Returns the revision of the assignment that was looked at; 0 if none was read yet. */
    public long revision() {
        return revision;
    }
}
