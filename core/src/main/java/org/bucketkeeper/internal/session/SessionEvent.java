package org.bucketkeeper.internal.session;

import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.jspecify.annotations.Nullable;

/** What may happen to a session. */
sealed interface SessionEvent {

    /** The session shall be established and kept. */
    record Started() implements SessionEvent {}

    /** The session shall end. */
    record CloseRequested() implements SessionEvent {}

    /** The session shall be renewed no more; its lease shall expire by itself. */
    record ExpiryRequested() implements SessionEvent {}

    /** The lease asked for with that number was granted. */
    record Granted(long attempt, Lease lease) implements SessionEvent {}

    /** Asking for the lease with that number failed. */
    record GrantFailed(long attempt, StoreException cause) implements SessionEvent {}

    /** The claim under that lease was answered. */
    record ClaimAnswered(long leaseId, CommitResult result) implements SessionEvent {}

    /** The key was read at that revision, to learn what became of the claim under that lease; null if it is absent. */
    record KeyRead(long leaseId, @Nullable Entry entry, long revision) implements SessionEvent {}

    /** Reading the key, to learn what became of the claim under that lease, failed. */
    record KeyReadFailed(long leaseId) implements SessionEvent {}

    /** A renewal of that lease, sent at that time, was answered. */
    record KeptAlive(long leaseId, long sentAt, KeepAliveResult result) implements SessionEvent {}

    /** The mirror shows the key like that at that revision; null if it is absent. */
    record KeyObserved(@Nullable Entry entry, long revision) implements SessionEvent {}

    /** Whoever wrote the key like that is certainly dead. */
    record HolderProvenDead(Entry holder) implements SessionEvent {}

    /** The store's history went back, and the mirror shows the key like that at that revision; null if it is absent. */
    record HistoryWentBack(@Nullable Entry entry, long revision) implements SessionEvent {}

    /** The lease was revoked, or could not be. */
    record Revoked(long leaseId, @Nullable StoreException failure) implements SessionEvent {}
}
