package org.bucketkeeper.ownership;

import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.internal.mirror.MirrorUpdate.History;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;

/** What an owner has to know of the cluster, as it stands at one revision. Immutable. */
final class ClusterView {

    private final long revision;
    private final BucketSet assigned;
    private final BucketSet unassigned;
    private final long assignmentRevision;
    private final @Nullable Entry[] claims;
    private final long[] forced;
    private final @Nullable Entry leaving;
    private final boolean successors;
    private final History history;

    /**
     * Takes over the arrays, which are not to be written afterwards.
     *
     * @param revision the revision that this shows
     * @param assigned the buckets that the assignment gives to this node
     * @param unassigned the buckets that it gives to nobody
     * @param assignmentRevision the revision of that assignment; 0 if none stands in the store
     * @param claims the claims by bucket index; null where there is none
     * @param forced by bucket index the claims that an operator wants to end; 0 where there is none
     * @param leaving what says that this node leaves; null if nothing does
     * @param successors whether there is a monitor, and another node that could take buckets over
     * @param history whether the revision counts on from the one before
     */
    ClusterView(
            long revision,
            BucketSet assigned,
            BucketSet unassigned,
            long assignmentRevision,
            @Nullable Entry[] claims,
            long[] forced,
            @Nullable Entry leaving,
            boolean successors,
            History history) {
        this.revision = revision;
        this.assigned = assigned;
        this.unassigned = unassigned;
        this.assignmentRevision = assignmentRevision;
        this.claims = claims;
        this.forced = forced;
        this.leaving = leaving;
        this.successors = successors;
        this.history = history;
    }

    long revision() {
        return revision;
    }

    /** Returns what is assigned to this node, by the assignment that stands in the store or the last that did. */
    BucketSet assigned() {
        return assigned;
    }

    /** Returns what is given to nobody: it may be given to this node next. */
    BucketSet unassigned() {
        return unassigned;
    }

    /** Returns the revision to compare the assignment with; 0 if none stands in the store. */
    long assignmentRevision() {
        return assignmentRevision;
    }

    @Nullable Entry claim(Bucket bucket) {
        return claims[bucket.index()];
    }

    /** Returns the create revision of the claim that an operator wants to end; 0 if there is none. */
    long forced(Bucket bucket) {
        return forced[bucket.index()];
    }

    boolean hasSuccessors() {
        return successors;
    }

    /** Tells whether it stands there that this node leaves, and goes with that lease. */
    boolean isLeavingUnder(long leaseId) {
        return leaving != null && leaving.leaseId() == leaseId;
    }

    boolean wentBack() {
        return history == History.WENT_BACK;
    }
}
