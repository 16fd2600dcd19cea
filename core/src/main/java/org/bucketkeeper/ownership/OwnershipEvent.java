package org.bucketkeeper.ownership;

import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.store.CommitResult;

/** What may happen to an owner. */
sealed interface OwnershipEvent {

    /** The node is registered: claims can be made under its lease. */
    record SessionHeld(Held held) implements OwnershipEvent {}

    /** The registration may no longer be relied on. */
    record SessionLost() implements OwnershipEvent {}

    /** The cluster looks like that now. */
    record ClusterSeen(ClusterView view) implements OwnershipEvent {}

    /** The transaction with that number was answered. */
    record CommitAnswered(long number, CommitResult result) implements OwnershipEvent {}

    /** The listener has taken note of the tenure with that token. */
    record AcquiredReturned(Bucket bucket, long token) implements OwnershipEvent {}

    /** No guard of the tenure with that token is open any more, and none will be. */
    record Drained(Bucket bucket, long token) implements OwnershipEvent {}

    /** The application has let go of the tenure with that token. */
    record Unloaded(Bucket bucket, long token) implements OwnershipEvent {}

    /** The application could not let go of the tenure with that token. */
    record UnloadFailed(Bucket bucket, long token, Throwable cause) implements OwnershipEvent {}

    /** The listener has taken note of a loss. */
    record LostReturned(Bucket bucket) implements OwnershipEvent {}

    /** The owner shall hand everything over and claim nothing more. */
    record LeaveRequested() implements OwnershipEvent {}
}
