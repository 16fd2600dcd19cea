package org.bucketkeeper.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lease.LeaseGrantResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.lease.LeaseTimeToLiveResponse;
import io.etcd.jetcd.options.LeaseOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.Watch;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchEvent.Reason;
import org.bucketkeeper.store.WatchListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coordinates a cluster through etcd, version 3.4 or later: one instance for each process, made with
 * {@link #connect(String...)} or {@link #builder()} and closed at the end.
 *
 * <p>What it adds to the contract of {@link CoordinationStore}:
 *
 * <ul>
 *   <li><b>Connecting.</b> Making a store does not touch the network. The first call connects, to all endpoints; calls
 *       are spread over the members that can be reached and wait, within the request timeout, while there is none. A
 *       store that was away is found again within about a second of its return, however long it was gone.
 *   <li><b>Bounds.</b> Every stage is complete after the request timeout (default 5 s). A connection that died in
 *       silence is noticed, and its watches end, within 15 s: 10 s without a sign of life, then 5 s without an answer to
 *       a ping. A watch that no server accepts ends after the request timeout, and one on a member that lost its leader
 *       when that member notices, three election timeouts (3 s by etcd's default) later.
 *   <li><b>No retries.</b> No request is sent twice. With user and password, the first calls after the server forgot
 *       the session (its tokens end with a restart of a member, or after five unused minutes) fail and make the next ones
 *       log in again.
 *   <li><b>Identity.</b> A snapshot's store identity is etcd's cluster id. etcd derives it from the members' addresses
 *       and the cluster token: a cluster that was wiped and set up again under the same ones has the same id, and shows
 *       itself only by smaller revisions.
 *   <li><b>Fencing tokens.</b> They are revisions of the whole of etcd, so they go on growing through restarts, changes
 *       of leader, and deletion of any key or prefix. A cluster that is wiped begins again at 1, and one that is restored
 *       from a backup at the backup's revision; restore with {@code etcdutl snapshot restore --bump-revision} (etcd
 *       3.6), or clear the fence table of your storage.
 *   <li><b>Threads.</b> All are daemons and end with {@link #close()}, those that gRPC shares between its channels a
 *       second or so later. To end these, Netty uses a thread of its own that is no daemon, for about a second.
 * </ul>
 *
 * <p>Not guaranteed: etcd may let a lease live longer than its TTL, since a new leader starts every lease afresh; and
 * versions before 3.5.13 have a bug that can end one earlier. A store that is wiped or set back while a watch is being
 * opened is not noticed by that watch, only by the next read.
 */
public final class EtcdStore implements CoordinationStore {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdStore.class);

    /** etcd's default for {@code --max-txn-ops}. */
    private static final int MAX_TRANSACTION_OPERATIONS = 128;

    private final String name;
    private final Duration requestTimeout;
    private final Client client;
    private final KV kv;
    private final io.etcd.jetcd.Lease leases;
    private final io.etcd.jetcd.Watch watches;
    private final ScheduledExecutorService timer;
    private final ExecutorService workers;
    private final Calls calls;
    private final Set<EtcdWatch> openWatches = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param name names the store in messages
     * @param client is closed with the store
     * @param timer ends what ran out of time; is shut down with the store
     * @param workers reports the ends of watches; is shut down with the store
     */
    EtcdStore(
            String name,
            Duration requestTimeout,
            Client client,
            ScheduledExecutorService timer,
            ExecutorService workers) {
        this.name = name;
        this.requestTimeout = requestTimeout;
        this.client = client;
        this.kv = client.getKVClient();
        this.leases = client.getLeaseClient();
        this.watches = client.getWatchClient();
        this.timer = timer;
        this.workers = workers;
        this.calls = new Calls(name, requestTimeout, timer);
    }

    /**
     * Returns a store on the etcd cluster with these members, without TLS or user, and with the default timeouts; it
     * connects with the first call.
     *
     * @param endpoints the members' client addresses as {@code host:port}, at least one; IPv6 as {@code [address]:port};
     *     without a port it is 2379
     * @throws IllegalArgumentException if there is none or one is not of that form
     */
    public static EtcdStore connect(String... endpoints) {
        return builder().endpoints(endpoints).build();
    }

    /**
     * Returns a store on the etcd cluster that an operator's file names, with its TLS files, user and request timeout;
     * it connects with the first call.
     *
     * @throws IllegalArgumentException if the file names another store, or a certificate or key file cannot be used
     */
    public static EtcdStore configured(ClusterConfig config) {
        return ConfiguredStore.of(config);
    }

    /** Returns a builder for a store that needs more than endpoints. */
    public static EtcdStoreBuilder builder() {
        return new EtcdStoreBuilder();
    }

    @Override
    public CompletionStage<Snapshot> read(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return calls.call(
                "read prefix \"" + prefix + "\"",
                () -> kv.get(Wire.firstKey(prefix), Wire.wholePrefix(prefix)),
                Wire::snapshot);
    }

    @Override
    public CompletionStage<CommitResult> commit(Transaction transaction) {
        checkSize("conditions", transaction.conditions().size());
        checkSize("operations", transaction.operations().size());
        CompletableFuture<CommitResult> result = calls.call(
                "commit " + describe(transaction),
                () -> kv.txn()
                        .If(Wire.conditions(transaction))
                        .Then(Wire.operations(transaction))
                        .commit(),
                EtcdStore::commitResult);
        return result.exceptionally(error -> new CommitResult.Unknown((StoreException) Errors.unwrap(error)));
    }

    private static void checkSize(String what, int size) {
        if (size > MAX_TRANSACTION_OPERATIONS) {
            throw new IllegalArgumentException(
                    "a transaction may have at most " + MAX_TRANSACTION_OPERATIONS + " " + what + ", but has " + size);
        }
    }

    private static String describe(Transaction transaction) {
        return "a transaction of " + transaction.operations().size() + " operations, the first on \""
                + transaction.operations().get(0).key() + "\"";
    }

    private static CommitResult commitResult(TxnResponse response) {
        long revision = response.getHeader().getRevision();
        return response.isSucceeded() ? new CommitResult.Committed(revision) : new CommitResult.Rejected(revision);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A fraction of a second is rounded up.
     *
     * @throws IllegalArgumentException if {@code ttl} is not positive
     */
    @Override
    public CompletionStage<Lease> grantLease(Duration ttl) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("ttl must be positive, but was " + ttl);
        }
        long seconds = Wire.seconds(ttl);
        return calls.call("grant a lease of " + seconds + " s", () -> leases.grant(seconds), EtcdStore::lease);
    }

    private static Lease lease(LeaseGrantResponse response) {
        return new Lease(response.getID(), Duration.ofSeconds(response.getTTL()));
    }

    @Override
    public CompletionStage<KeepAliveResult> keepAlive(long leaseId) {
        return calls.call(
                "keep lease " + Long.toHexString(leaseId) + " alive",
                () -> leases.keepAliveOnce(leaseId).handle(EtcdStore::keepAliveResult),
                Function.identity());
    }

    private static KeepAliveResult keepAliveResult(LeaseKeepAliveResponse response, Throwable error) {
        if (error == null) {
            return response.getTTL() > 0
                    ? new KeepAliveResult.Renewed(Duration.ofSeconds(response.getTTL()))
                    : new KeepAliveResult.Expired();
        }
        if (Errors.isNoSuchLease(error)) {
            return new KeepAliveResult.Expired();
        }
        throw Errors.unchecked(error);
    }

    @Override
    public CompletionStage<Duration> timeToLive(long leaseId) {
        return calls.call(
                "ask for what is left of lease " + Long.toHexString(leaseId),
                () -> leases.timeToLive(leaseId, LeaseOption.DEFAULT).handle(EtcdStore::timeLeft),
                Function.identity());
    }

    /** etcd answers -1 for a lease that it does not know. */
    private static Duration timeLeft(LeaseTimeToLiveResponse response, Throwable error) {
        if (error == null) {
            return Duration.ofSeconds(Math.max(0, response.getTTL()));
        }
        if (Errors.isNoSuchLease(error)) {
            return Duration.ZERO;
        }
        throw Errors.unchecked(error);
    }

    @Override
    public CompletionStage<Void> revokeLease(long leaseId) {
        return calls.call(
                "revoke lease " + Long.toHexString(leaseId),
                () -> leases.revoke(leaseId).handle((response, error) -> gone(error)),
                Function.identity());
    }

    // A stage of nothing can only be completed with null, which the type Void cannot say.
    @SuppressWarnings("NullAway")
    private static Void gone(@Nullable Throwable error) {
        if (error != null && !Errors.isNoSuchLease(error)) {
            throw Errors.unchecked(error);
        }
        return null;
    }

    /**
     * {@inheritDoc}
     *
     * <p>On a closed store the listener is told at once that the watch ended.
     *
     * @throws IllegalArgumentException if {@code fromRevision} is smaller than 1
     */
    @Override
    public Watch watch(String prefix, long fromRevision, WatchListener listener) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(listener, "listener");
        if (fromRevision < 1) {
            throw new IllegalArgumentException("fromRevision must be at least 1, but was " + fromRevision);
        }
        if (closed) {
            StoreException cause = calls.closedException("watch prefix \"" + prefix + "\"");
            listener.onEvent(new WatchEvent.Ended(Reason.DISCONNECTED, cause));
            return () -> {};
        }
        EtcdWatch watch = new EtcdWatch(name, prefix, fromRevision, listener, openWatches::remove, workers);
        openWatches.add(watch);
        watch.open(watches);
        if (closed) {
            watch.close();
        } else {
            limitAcceptance(watch);
        }
        return watch;
    }

    private void limitAcceptance(EtcdWatch watch) {
        try {
            Future<?> unused = timer.schedule(watch::endIfNotAccepted, requestTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} needs no limit: the store is closed", watch, e);
        }
    }

    @Override
    public int maxTransactionOperations() {
        return MAX_TRANSACTION_OPERATIONS;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        calls.close();
        openWatches.forEach(EtcdWatch::close);
        client.close();
        timer.shutdownNow();
        workers.shutdown();
        LOG.info("{}: closed", name);
    }

    /** Returns the endpoints, without user or password. */
    @Override
    public String toString() {
        return name;
    }
}
