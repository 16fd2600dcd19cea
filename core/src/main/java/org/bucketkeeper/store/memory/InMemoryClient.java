package org.bucketkeeper.store.memory;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.Watch;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchListener;

/**
 * One process's connection to an {@link InMemoryStore}, with faults of its own; made by {@link InMemoryStore#connect}.
 *
 * <p>Stages complete and listeners are called on the store's loop. Only closing, and calls after it, complete stages
 * on the caller's thread.
 */
public final class InMemoryClient implements CoordinationStore {

    private static final int MAX_TRANSACTION_OPERATIONS = 128;
    private static final Duration MAX_TTL = Duration.ofDays(36_500);
    private static final Duration MIN_TTL = Duration.ofSeconds(1);

    private final String name;
    private final InMemoryStore store;
    private final EventLoop loop;
    private final Connection connection;
    private final Faults faults;
    private final OpenRequests openRequests = new OpenRequests();

    InMemoryClient(String name, InMemoryStore store, EventLoop loop, Duration requestTimeout) {
        this.name = name;
        this.store = store;
        this.loop = loop;
        this.connection = new Connection(name, store, loop, requestTimeout);
        this.faults = new Faults(loop, connection);
    }

    /** Returns the switches that break this client's connection. */
    public Faults faults() {
        return faults;
    }

    @Override
    public CompletionStage<Snapshot> read(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return send(new Request.Plain<>("read", (state, now) -> state.read(prefix)));
    }

    @Override
    public CompletionStage<CommitResult> commit(Transaction transaction) {
        requireAtMostMax("conditions", transaction.conditions().size());
        requireAtMostMax("operations", transaction.operations().size());
        return send(new Request.Commit((state, now) -> state.commit(transaction)));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Grants the TTL asked for, made up to whole seconds.
     *
     * @throws IllegalArgumentException if {@code ttl} is not positive or longer than 36,500 days
     */
    @Override
    public CompletionStage<Lease> grantLease(Duration ttl) {
        if (ttl.isNegative() || ttl.isZero() || ttl.compareTo(MAX_TTL) > 0) {
            throw new IllegalArgumentException("ttl must be positive and at most " + MAX_TTL + " but is " + ttl);
        }
        Duration granted = Duration.ofSeconds(ttl.plus(MIN_TTL).minusNanos(1).toSeconds());
        return send(new Request.Plain<>("grant lease", (state, now) -> state.grant(granted, now)));
    }

    @Override
    public CompletionStage<KeepAliveResult> keepAlive(long leaseId) {
        return send(new Request.Plain<>("keep alive lease " + leaseId, (state, now) -> state.keepAlive(leaseId, now)));
    }

    @Override
    public CompletionStage<Duration> timeToLive(long leaseId) {
        return send(new Request.Plain<>(
                "time to live of lease " + leaseId, (state, now) -> state.timeToLive(leaseId, now)));
    }

    // A stage of nothing can only be completed with null, which the type Void cannot say.
    @SuppressWarnings("NullAway")
    @Override
    public CompletionStage<Void> revokeLease(long leaseId) {
        return send(new Request.Plain<>("revoke lease " + leaseId, (state, now) -> {
            state.endLease(leaseId);
            return null;
        }));
    }

    /**
     * {@inheritDoc}
     *
     * <p>On a closed client the listener is told at once that the watch ended.
     *
     * @throws IllegalArgumentException if {@code fromRevision} is smaller than 1
     */
    @Override
    public Watch watch(String prefix, long fromRevision, WatchListener listener) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(listener, "listener");
        if (fromRevision < 1) {
            throw new IllegalArgumentException("fromRevision must be at least 1 but is " + fromRevision);
        }
        if (openRequests.isClosed()) {
            listener.onEvent(new WatchEvent.Ended(WatchEvent.Reason.DISCONNECTED, closedFailure()));
            return () -> {};
        }
        ClientWatch watch = new ClientWatch(
                prefix, listener, openRequests::isClosed, closed -> loop.execute(() -> connection.forget(closed)));
        loop.execute(() -> connection.open(watch, fromRevision));
        return watch;
    }

    @Override
    public int maxTransactionOperations() {
        return MAX_TRANSACTION_OPERATIONS;
    }

    @Override
    public void close() {
        for (Request<?> request : openRequests.close()) {
            request.fail(closedFailure());
        }
        store.forget(this);
        loop.execute(connection::close);
    }

    /** Returns the store's and the client's name. */
    @Override
    public String toString() {
        return store + ", " + name;
    }

    private <T> CompletionStage<T> send(Request<T> request) {
        CompletionStage<T> stage = request.stage();
        stage.whenComplete((answer, failure) -> openRequests.remove(request));
        if (openRequests.add(request)) {
            loop.execute(() -> connection.send(request));
        } else {
            request.fail(closedFailure());
        }
        return stage;
    }

    private StoreException closedFailure() {
        return new StoreException(this + ": the client is closed");
    }

    private static void requireAtMostMax(String what, int count) {
        if (count > MAX_TRANSACTION_OPERATIONS) {
            throw new IllegalArgumentException(
                    "a transaction may have at most " + MAX_TRANSACTION_OPERATIONS + " " + what + " but has " + count);
        }
    }
}
