package org.bucketkeeper.store.memory;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.driver.SystemEventLoop;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.WatchEvent;
import org.jspecify.annotations.Nullable;

/**
 * A coordination store inside this process: lets a cluster of one machine run without a server, and a test run a
 * cluster of many nodes, each over a client of its own that can be slowed down and cut off.
 *
 * <p>It keeps the whole contract of {@link org.bucketkeeper.store.CoordinationStore}, and is deterministic: on a loop
 * of {@link org.bucketkeeper.driver.VirtualTime} the same calls give the same history. Everything happens on the loop;
 * the methods may be called from any thread and return at once.
 *
 * <p>Nothing is kept beyond the life of this object, and nothing is shared with other processes. Fencing tokens, which
 * are revisions, begin again with each new store: storage that outlives it must not remember them.
 */
public final class InMemoryStore implements AutoCloseable {

    private final EventLoop loop;
    private final Runnable closeLoop;
    private final String identity;
    private final Duration requestTimeout;
    private final int historyLimit;
    private final Clients clients = new Clients();

    // Used on the loop only.
    private MemoryState state;
    /** What the replica has while it is behind; null while it has everything. */
    private @Nullable MemoryState replica;

    private long servingProcess;
    private int restartsWithoutData;
    private final Set<ServerWatch> watches = new LinkedHashSet<>();
    /** Up to where the watches were told: most requests, such as renewals, change nothing. */
    private long toldRevision;

    private EventLoop.@Nullable Timer expiryTimer;
    private long expiryTimerDue;
    private boolean stopped;

    private InMemoryStore(Builder builder) {
        EventLoop given = builder.loop;
        identity = builder.identity;
        loop = given == null ? new SystemEventLoop("bucketkeeper-" + identity) : given;
        closeLoop = given == null ? loop::close : () -> {};
        requestTimeout = builder.requestTimeout;
        historyLimit = builder.historyLimit;
        state = new MemoryState(identity);
    }

    /** Creates an empty store with a daemon thread of its own and a unique identity. */
    public static InMemoryStore create() {
        return builder().identity("memory-" + UUID.randomUUID()).build();
    }

    /**
     * Creates an empty store that lives on {@code loop} and is called "memory".
     *
     * @param loop is left open when the store is closed; is to be closed after it
     */
    public static InMemoryStore on(EventLoop loop) {
        return builder().loop(loop).build();
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns a new, independent client, named by a number.
     *
     * @throws IllegalStateException if the store is closed
     */
    public InMemoryClient connect() {
        return clients.add(number -> newClient("client-" + number));
    }

    /**
     * Returns a new, independent client.
     *
     * @param clientName tells in error messages whose client it is
     * @throws IllegalStateException if the store is closed
     */
    public InMemoryClient connect(String clientName) {
        Objects.requireNonNull(clientName, "clientName");
        return clients.add(number -> newClient(clientName));
    }

    /**
     * Forgets the changes before {@code revision}, but none that are yet to come: a watch that starts earlier ends with
     * {@link WatchEvent.Reason#COMPACTED}. Watches that run are not touched.
     */
    public void compact(long revision) {
        loop.execute(() -> state.history().compact(Math.min(revision, state.revision() + 1)));
    }

    /**
     * Does what a change of the leader does in a replicated store: every lease starts anew with its full TTL, and all
     * watches of all clients end with {@link WatchEvent.Reason#DISCONNECTED}.
     */
    public void changeLeader() {
        loop.execute(() -> {
            if (!stopped) {
                state.restartLeases(loop.nanoTime());
                endWatches("the store's leader changed");
                armExpiryTimer();
            }
        });
    }

    /**
     * Stops handling requests until {@link #start()}, as if the server was down: watches end with
     * {@link WatchEvent.Reason#DISCONNECTED}, requests get no answer, no lease expires, and what is stored stays.
     */
    public void stop() {
        loop.execute(this::stopOnLoop);
    }

    /** Goes on after {@link #stop()}; every lease starts anew with its full TTL. */
    public void start() {
        loop.execute(() -> {
            if (stopped && !clients.isClosed()) {
                stopped = false;
                state.restartLeases(loop.nanoTime());
                armExpiryTimer();
            }
        });
    }

    /**
     * Lets the replica fall behind, as asynchronous replication does: what is written from now on is lost by the next
     * {@link #failOver()}. Without effect while it is behind already.
     */
    public void pauseReplication() {
        loop.execute(() -> {
            if (replica == null) {
                replica = state.copy();
            }
        });
    }

    /**
     * Lets the replica take over, as a store does whose replication is asynchronous: everything written since
     * {@link #pauseReplication()} is lost although it was acknowledged; nothing if replication was not paused. From then
     * on the replica has everything again.
     *
     * <p>Leases that ended meanwhile exist again, with the keys that were under them; leases granted meanwhile are
     * unknown. What a store does that notices the change of the process that serves is done: revisions go on far above
     * all earlier ones, so that no fencing token is given out twice; every lease starts anew with its full TTL; no lease
     * id is used again; all watches end with {@link WatchEvent.Reason#DISCONNECTED} and none can start from before. The
     * identity stays. Requests under way to the former process are lost, answers under way from it arrive. A store that
     * was stopped serves again.
     */
    public void failOver() {
        loop.execute(() -> serveFrom(replica == null ? state : replica, "a replica took over"));
    }

    /**
     * Restarts the store without its data, as a store does that persists nothing: like {@link #failOver()}, but
     * everything is lost, and the store has a new identity.
     */
    public void restartWithoutData() {
        loop.execute(() -> {
            restartsWithoutData++;
            serveFrom(
                    new MemoryState(identity + "-restart-" + restartsWithoutData), "the store restarted without data");
        });
    }

    /** Closes all clients, and the loop if the store made it; safe to call twice. */
    @Override
    public void close() {
        clients.close().forEach(InMemoryClient::close);
        loop.execute(this::stopOnLoop);
        closeLoop.run();
    }

    /** Returns the store's identity. */
    @Override
    public String toString() {
        return "store " + identity;
    }

    /** Names the process that serves now; what is sent to it does not reach the one that takes over. On the loop. */
    long servingProcess() {
        return servingProcess;
    }

    /**
     * Handles a request that arrived; there is no answer while the store is stopped, nor from another process than the
     * one it was sent to. On the loop.
     */
    <T> void handle(long sentTo, Command<T> command, Consumer<T> reply) {
        if (stopped || sentTo != servingProcess) {
            return;
        }
        long now = loop.nanoTime();
        state.expireLeases(now);
        T answer = command.runOn(state, now);
        tellWatches();
        armExpiryTimer();
        reply.accept(answer);
    }

    /** Starts a watch and returns true, or returns false where a request would get no answer. On the loop. */
    boolean accept(long sentTo, ServerWatch watch) {
        if (stopped || sentTo != servingProcess) {
            return false;
        }
        if (watch.canStartFrom(state.history())) {
            watches.add(watch);
            watch.report(state.history(), state.revision());
        } else {
            watch.end(
                    WatchEvent.Reason.COMPACTED,
                    new StoreException(this + " no longer has the history from the revision asked for on"));
        }
        return true;
    }

    /** Ends a watch without telling it. On the loop. */
    void drop(ServerWatch watch) {
        watches.remove(watch);
    }

    void forget(InMemoryClient client) {
        clients.remove(client);
    }

    private InMemoryClient newClient(String name) {
        return new InMemoryClient(name, this, loop, requestTimeout);
    }

    private void stopOnLoop() {
        if (!stopped) {
            stopped = true;
            cancelExpiryTimer();
            endWatches("the store stopped");
        }
    }

    private void serveFrom(MemoryState successor, String why) {
        if (clients.isClosed()) {
            return;
        }
        endWatches(why);
        successor.succeed(state, loop.nanoTime());
        state = successor;
        replica = null;
        servingProcess++;
        stopped = false;
        armExpiryTimer();
    }

    private void tellWatches() {
        if (state.revision() == toldRevision) {
            return;
        }
        toldRevision = state.revision();
        List.copyOf(watches).forEach(watch -> watch.report(state.history(), state.revision()));
        state.history().keepNewest(historyLimit);
    }

    private void endWatches(String why) {
        List<ServerWatch> ending = List.copyOf(watches);
        watches.clear();
        ending.forEach(watch -> watch.end(WatchEvent.Reason.DISCONNECTED, new StoreException(this + ": " + why)));
    }

    private void expireLeases() {
        expiryTimer = null;
        state.expireLeases(loop.nanoTime());
        tellWatches();
        armExpiryTimer();
    }

    /** A timer that is due early is left alone, so that renewing a lease need not move it. */
    private void armExpiryTimer() {
        OptionalLong next = state.nextExpiry();
        if (next.isEmpty() || (expiryTimer != null && expiryTimerDue - next.getAsLong() <= 0)) {
            return;
        }
        cancelExpiryTimer();
        expiryTimerDue = next.getAsLong();
        expiryTimer = loop.schedule(Duration.ofNanos(expiryTimerDue - loop.nanoTime()), this::expireLeases);
    }

    private void cancelExpiryTimer() {
        EventLoop.Timer timer = expiryTimer;
        if (timer != null) {
            timer.cancel();
            expiryTimer = null;
        }
    }

    /** Collects what a store is made with. */
    public static final class Builder {

        private @Nullable EventLoop loop;
        private String identity = "memory";
        private Duration requestTimeout = Duration.ofSeconds(5);
        private int historyLimit = 10_000;

        private Builder() {}

        /** Lets the store live on {@code newLoop}, which it does not close; by default it makes a loop of its own. */
        public Builder loop(EventLoop newLoop) {
            loop = Objects.requireNonNull(newLoop, "loop");
            return this;
        }

        /** Names the store and its history in {@link org.bucketkeeper.store.Snapshot#storeIdentity()}; default "memory". */
        public Builder identity(String newIdentity) {
            identity = Objects.requireNonNull(newIdentity, "identity");
            return this;
        }

        /**
         * Sets how long a client waits for an answer, and how soon it notices a dead connection; default 5 seconds.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder requestTimeout(Duration newRequestTimeout) {
            if (newRequestTimeout.isNegative() || newRequestTimeout.isZero()) {
                throw new IllegalArgumentException("requestTimeout must be positive but is " + newRequestTimeout);
            }
            requestTimeout = newRequestTimeout;
            return this;
        }

        /**
         * Sets how many of the newest changing revisions a watch can start from; default 10,000.
         *
         * @throws IllegalArgumentException if it is smaller than 1
         */
        public Builder historyLimit(int newHistoryLimit) {
            if (newHistoryLimit < 1) {
                throw new IllegalArgumentException("historyLimit must be at least 1 but is " + newHistoryLimit);
            }
            historyLimit = newHistoryLimit;
            return this;
        }

        /** Creates the store, empty. */
        public InMemoryStore build() {
            return new InMemoryStore(this);
        }
    }
}
