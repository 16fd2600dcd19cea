package org.bucketkeeper.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coordinates a cluster through Redis, version 5.0 or later, or Valkey: one instance for each process, made with
 * {@link #connect(String)} or {@link #builder()} and closed at the end.
 *
 * <p>What it adds to the contract of {@link CoordinationStore}:
 *
 * <ul>
 *   <li><b>Connecting.</b> Making a store does not touch the network. The first call connects. A connection that broke
 *       is opened again by the next call; while there is no server, calls fail as soon as that is known. Through
 *       Sentinel the primary is asked for at every connection; in a Redis Cluster the servers' redirections are followed.
 *   <li><b>Bounds.</b> Every stage is complete after the request timeout (default 5 s). A connection that died in
 *       silence is noticed, and its watch ends, one request timeout after a sign of life was due, which is every 5 s.
 *   <li><b>No retries.</b> A script whose answer did not come is not sent again, nor is one sent after its stage was
 *       complete; one that comes twice all the same is applied once.
 *   <li><b>Revisions and fencing tokens</b> begin at the server's time in microseconds and jump ahead by at least
 *       32,768, and to the server's time, when the server was restarted, another one took over, or nobody looked for
 *       10 s, so that none is given out twice even if the last writes, or all of them, were lost, unless the clock of the
 *       server that took over is behind as well.
 *   <li><b>Identity.</b> The store gets a random one when it is made. It changes if all data were lost, and stays if only
 *       the last writes were.
 *   <li><b>Leases</b> expire by the clock of the server alone, within some 10 ms if they last 5 s or longer and within
 *       5 s otherwise, as long as any client is connected. They last their full time again after a restart, a fail-over,
 *       and when no client has looked after them for 10 s.
 *   <li><b>Threads.</b> All are daemons and end with {@link #close()} or within seconds after.
 * </ul>
 *
 * <p>Not guaranteed: what Redis does not. A fail-over can lose writes that were answered, and with them claims: then
 * two servers may both believe that they own a bucket until the former owner has read the store again or its deadline
 * has passed, and only storage that checks fencing tokens keeps their writes apart. A primary that is cut off from its
 * replicas goes on answering those who reach it unless {@code min-replicas-to-write} forbids it. A clock of the server
 * that is set forward by less than 10 s ends leases that much too early. The server must not evict keys ({@code
 * maxmemory-policy noeviction}).
 */
public final class RedisStore implements CoordinationStore {

    private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);

    /** As many as etcd takes by default; the scripts could take more. */
    private static final int MAX_TRANSACTION_OPERATIONS = 128;

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

    /** Lua counts in floating point, which is exact up to here. */
    private static final long LARGEST_LEASE_ID = 1L << 53;

    private final String name;
    private final Duration requestTimeout;
    private final Connector connector;
    private final CommandConnection commands;
    private final ScheduledExecutorService timer;
    private final Runnable release;
    private final BoundedCalls calls;
    private final LeaseSweeper sweeper;
    private final Set<RedisWatch> openWatches = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param name names the store in messages
     * @param timer is shut down with the store
     * @param release lets go of what the connector uses; must not block
     */
    RedisStore(
            String name,
            Duration requestTimeout,
            Connector connector,
            ScheduledExecutorService timer,
            Runnable release) {
        this.name = name;
        this.requestTimeout = requestTimeout;
        this.connector = connector;
        this.timer = timer;
        this.release = release;
        this.commands = new CommandConnection(name, connector::connect, this::endWatches, timer);
        this.calls = new BoundedCalls(name, requestTimeout, timer, commands::breakOff);
        this.sweeper = new LeaseSweeper(
                name,
                () -> calls.call(
                        "look after leases",
                        wanted -> commands.run(Script.SWEEP, List.of(), wanted),
                        Function.identity()),
                timer);
    }

    /**
     * Returns a store on the Redis with this address, with the default timeouts; it connects with the first call.
     *
     * @param uri {@code redis://[user:password@]host[:port][/database]}; {@code rediss://} for TLS; {@code
     *     redis-sentinel://[user:password@]host[:port],host[:port][/database]#primary}; of a Redis Cluster, any server.
     *     User and password are percent-encoded
     * @throws IllegalArgumentException if it is not of that form
     */
    public static RedisStore connect(String uri) {
        return builder().uri(uri).build();
    }

    /**
     * Returns a store on the Redis that an operator's file names; it connects with the first call.
     *
     * @throws IllegalArgumentException if the file names another store
     */
    public static RedisStore configured(ClusterConfig config) {
        return ConfiguredStore.of(config);
    }

    /** Returns a builder for a store that needs more than an address. */
    public static RedisStoreBuilder builder() {
        return new RedisStoreBuilder();
    }

    @Override
    public CompletionStage<Snapshot> read(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return run("read prefix \"" + prefix + "\"", Script.READ, List.of(prefix), Wire::snapshot);
    }

    @Override
    public CompletionStage<CommitResult> commit(Transaction transaction) {
        checkSize("conditions", transaction.conditions().size());
        checkSize("operations", transaction.operations().size());
        List<String> arguments = Wire.arguments(UUID.randomUUID().toString(), transaction);
        CompletionStage<CommitResult> result =
                run("commit " + describe(transaction), Script.COMMIT, arguments, Wire::commitResult);
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

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if {@code ttl} is not positive
     */
    @Override
    public CompletionStage<Lease> grantLease(Duration ttl) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("ttl must be positive, but was " + ttl);
        }
        Duration granted = Duration.ofSeconds(ttl.plusNanos(999_999_999).toSeconds());
        // Chosen at random here, so that no two leases ever have the same one, whatever the server forgets.
        long id = ThreadLocalRandom.current().nextLong(1, LARGEST_LEASE_ID);
        return run(
                "grant a lease of " + granted.toSeconds() + " s",
                Script.GRANT,
                List.of(Long.toString(id), Wire.microseconds(granted)),
                answer -> new Lease(id, granted));
    }

    @Override
    public CompletionStage<KeepAliveResult> keepAlive(long leaseId) {
        return run("keep lease " + leaseId + " alive", Script.RENEW, idOnly(leaseId), Wire::keepAliveResult);
    }

    @Override
    public CompletionStage<Duration> timeToLive(long leaseId) {
        return run(
                "ask for what is left of lease " + leaseId, Script.TIME_TO_LIVE, idOnly(leaseId), Wire::microseconds);
    }

    // A stage of nothing can only be completed with null, which the type Void cannot say.
    @SuppressWarnings("NullAway")
    @Override
    public CompletionStage<Void> revokeLease(long leaseId) {
        return run("revoke lease " + leaseId, Script.REVOKE, idOnly(leaseId), answer -> null);
    }

    private static List<String> idOnly(long leaseId) {
        return List.of(Long.toString(leaseId));
    }

    private <R> CompletionStage<R> run(
            String what, Script script, List<String> arguments, Function<List<String>, R> convert) {
        sweeper.start();
        return calls.call(what, wanted -> commands.run(script, arguments, wanted), convert);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Each watch has a connection of its own. On a closed store the listener is told at once that the watch ended.
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
            listener.onEvent(new WatchEvent.Ended(
                    Reason.DISCONNECTED,
                    new StoreException(name + " is closed; cannot watch prefix \"" + prefix + "\"")));
            return () -> {};
        }
        sweeper.start();
        RedisWatch watch =
                new RedisWatch(name, prefix, fromRevision, listener, requestTimeout, openWatches::remove, timer);
        openWatches.add(watch);
        watch.open(connector.connect().thenApply(this::sameAsOfCommands));
        if (closed) {
            watch.close();
        }
        return watch;
    }

    /**
     * Where two servers take themselves for the primary, one could be read and another be watched: what changes would
     * then never be told. Which of them it is to be is found out anew.
     */
    private ServerConnection sameAsOfCommands(ServerConnection connection) {
        String expected = commands.history();
        if (expected.isEmpty() || expected.equals(connection.history())) {
            return connection;
        }
        connection.close();
        commands.breakOff();
        throw new StoreException(connection + " is not the server that was read from");
    }

    private void endWatches() {
        StoreException cause = new StoreException(name + " is read from another server now");
        new ArrayList<>(openWatches).forEach(watch -> watch.end(Reason.DISCONNECTED, cause));
    }

    @Override
    public int maxTransactionOperations() {
        return MAX_TRANSACTION_OPERATIONS;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        calls.close();
        new ArrayList<>(openWatches).forEach(RedisWatch::close);
        commands.close();
        timer.shutdownNow();
        // Lettuce warns of connections that it would close at the same time as this.
        CompletableFuture<Void> unused = connector
                .close()
                .orTimeout(LONGEST_CLOSE.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((nothing, error) -> release.run());
        LOG.info("{}: closed", name);
    }

    /** Returns the servers' addresses, without user or password. */
    @Override
    public String toString() {
        return name;
    }
}
