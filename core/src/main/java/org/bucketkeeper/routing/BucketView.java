package org.bucketkeeper.routing;

import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Who a bucket is assigned to and who holds it, for whoever watches a hand-over.
 *
 * @param bucket the bucket
 * @param assignedTo the node that the assignment names, as last heard of; null if none is assigned, or nothing was ever
 *     heard of it
 * @param assignmentRevision the revision of that assignment; 0 if none was read yet
 * @param heldBy the name of the node that has claimed the bucket; null if nobody has
 * @param fencingToken the token of that claim; 0 if there is none
 */
public record BucketView(
        Bucket bucket,
        @Nullable NodeInfo assignedTo,
        long assignmentRevision,
        @Nullable String heldBy,
        long fencingToken) {

    /** Tells whether the bucket is on its way: assigned to a node that has not claimed it, or still held by another. */
    public boolean isChangingHands() {
        NodeInfo target = assignedTo;
        return target == null ? heldBy != null : !target.nodeId().equals(heldBy);
    }
}
