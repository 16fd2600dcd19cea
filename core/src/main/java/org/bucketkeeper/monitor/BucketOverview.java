package org.bucketkeeper.monitor;

import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * Who a bucket is assigned to and who holds it.
 *
 * @param bucket the bucket
 * @param assignedTo the name of the node that should serve it; null if none should
 * @param heldBy the name of the node that has claimed it; null if none has
 * @param fencingToken the token of that claim; 0 if there is none
 */
public record BucketOverview(
        Bucket bucket,
        @Nullable String assignedTo,
        @Nullable String heldBy,
        long fencingToken) {

    /** Tells whether the bucket is on its way: assigned to a node that has not claimed it, or still held by another. */
    public boolean isChangingHands() {
        return assignedTo == null ? heldBy != null : !assignedTo.equals(heldBy);
    }
}
