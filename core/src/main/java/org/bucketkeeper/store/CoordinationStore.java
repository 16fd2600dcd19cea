package org.bucketkeeper.store;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the few facts that a cluster agrees on, and tells every process about each change in one order: what an
 * adapter for etcd, Redis or another store implements so that BucketKeeper can run on it.
 *
 * <p>The contract, which the conformance kit checks:
 *
 * <ul>
 *   <li><b>Revisions.</b> Every committed transaction that changes something, and every expiry of a lease that holds
 *       keys, moves the whole store to a new, larger revision, all of its changes at once. A key's <em>create
 *       revision</em> is that of the change that brought it into being and its <em>mod revision</em> that of the last
 *       one that wrote it; deleting a key ends both.
 *   <li><b>Order.</b> Reads and transactions are linearizable: a read that begins after a transaction was answered
 *       sees it.
 *   <li><b>Leases.</b> A key put under a lease is deleted when the lease expires or is revoked, all keys of one lease
 *       in one revision. A lease never expires earlier than its TTL after its last renewal, measured by the store; it
 *       may expire later.
 *   <li><b>Bounded.</b> Every stage completes within the store's request timeout, exceptionally with a
 *       {@link StoreException} if it must; none ever hangs.
 *   <li><b>Never twice.</b> The store runs a transaction at most once, whatever happens to the connection.
 * </ul>
 *
 * <p>Thread-safe; no method blocks. Stages may complete and listeners may be called on any thread, also before the
 * method returns; a caller moves to its own {@link org.bucketkeeper.driver.EventLoop} at once.
 */
public interface CoordinationStore extends AutoCloseable {

    /**
     * Reads all keys that start with {@code prefix}, as they stand at one revision.
     *
     * @param prefix the beginning of the keys wanted; empty for all
     * @return the keys and the revision; exceptionally a {@link StoreException}
     */
    CompletionStage<Snapshot> read(String prefix);

    /**
     * Applies all operations of {@code transaction} if all its conditions hold, or none.
     *
     * @return what became of it, also when that cannot be known; never exceptionally
     * @throws IllegalArgumentException if it has more than {@link #maxTransactionOperations()} conditions or operations
     */
    CompletionStage<CommitResult> commit(Transaction transaction);

    /**
     * Asks for a new lease.
     *
     * @param ttl how long the lease shall last without renewal; rounded up to whole seconds
     * @return the lease with the TTL that the store granted, which may differ; exceptionally a {@link StoreException},
     *     after which a lease that nobody knows may be left to expire
     * @throws IllegalArgumentException if {@code ttl} is not positive
     */
    CompletionStage<Lease> grantLease(Duration ttl);

    /**
     * Renews a lease once, for its TTL from the moment that the store handles the request.
     *
     * @return the store's word on the lease; exceptionally a {@link StoreException}, which says nothing about it: the
     *     request may have been handled or not
     */
    CompletionStage<KeepAliveResult> keepAlive(long leaseId);

    /**
     * Asks how much longer a lease lasts unless it is renewed: for status pages, since it is out of date when it
     * arrives.
     *
     * @return what is left, whole seconds where the store counts in these; zero if there is no such lease;
     *     exceptionally a {@link StoreException}
     */
    CompletionStage<Duration> timeToLive(long leaseId);

    /**
     * Ends a lease and deletes its keys; succeeds if the lease is gone already.
     *
     * @return completes when the lease is gone; exceptionally a {@link StoreException}, after which it may be gone or
     *     not
     */
    CompletionStage<Void> revokeLease(long leaseId);

    /**
     * Reports every change of a key that starts with {@code prefix}, from revision {@code fromRevision} on: each
     * change once, in revision order, all changes of one revision in one {@link WatchEvent.Changes}, with no gap. As
     * soon as the store can no longer vouch for that, for whatever reason, the watch ends with a
     * {@link WatchEvent.Ended} and reports nothing more; the caller then reads the prefix afresh and opens a new watch
     * from the revision after the read. A connection that died in silence is noticed and ends the watch within a bounded time.
     *
     * @param prefix the beginning of the keys wanted; empty for all
     * @param fromRevision the first revision of interest, at least 1; usually that of a read, plus one
     * @param listener called for one event at a time; must not block and must not throw
     * @return the handle that stops the watch
     */
    Watch watch(String prefix, long fromRevision, WatchListener listener);

    /** Returns how many conditions, and how many operations, one transaction may have; at least 64. */
    int maxTransactionOperations();

    /**
     * Lets go of connections and threads, ends all watches without a further event, and fails what is under way with a
     * {@link StoreException}. Leases are left to expire. Returns within a bounded time; safe to call twice. Afterwards
     * every stage is a failed one, that of a commit says {@link CommitResult.Unknown}, and a new watch ends at once.
     */
    @Override
    void close();
}
