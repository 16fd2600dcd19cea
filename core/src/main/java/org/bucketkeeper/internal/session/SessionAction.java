package org.bucketkeeper.internal.session;

import java.time.Duration;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.jspecify.annotations.Nullable;

/** What a session asks for. */
sealed interface SessionAction {

    /** Ask for a lease; the answer carries the number. */
    record Grant(long attempt, Duration ttl) implements SessionAction {}

    /** Commit the claim under that lease. */
    record Claim(long leaseId, Transaction transaction) implements SessionAction {}

    /** Read the key, to learn what became of the claim under that lease. */
    record ReadKey(long leaseId) implements SessionAction {}

    /** Compare the local copy with the store: it does not show what claims find there. */
    record RefreshCopy() implements SessionAction {}

    /** Find out whether whoever holds the key is certainly dead, and say so if it is. */
    record ExamineHolder(Entry holder) implements SessionAction {}

    /** Renew the lease now; the answer carries this time. */
    record KeepAlive(long leaseId, long sentAt) implements SessionAction {}

    /** Revoke the lease. */
    record Revoke(long leaseId) implements SessionAction {}

    /** Tell the owner that the key is held. */
    record TellAcquired(Held held) implements SessionAction {}

    /** Tell the owner until when the session may be relied on, unless it is renewed again. */
    record TellDeadline(long deadline) implements SessionAction {}

    /** Tell the owner that what was held may be held by another from now on. */
    record TellLost(Held held, LossReason reason) implements SessionAction {}

    /** Tell the owner that another holds the key; null if it is not known who. */
    record TellContended(@Nullable String holder, Duration patience) implements SessionAction {}

    /** Tell the owner that the session gave up for good because another kept the key. */
    record TellGaveUp(Duration patience) implements SessionAction {}

    /** Tell the owner that the store did not do as asked, and that it is tried again. */
    record TellTrouble(StoreException cause) implements SessionAction {}

    /** Tell the owner that the session is over. */
    record TellClosed(@Nullable StoreException revokeFailure) implements SessionAction {}
}
