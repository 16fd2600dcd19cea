package org.bucketkeeper;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bucketkeeper.driver.Closing;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.session.SessionSettings;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.ownership.BucketOwnership;
import org.bucketkeeper.ownership.Guard;
import org.bucketkeeper.ownership.OwnershipListener;
import org.bucketkeeper.ownership.OwnershipSettings;
import org.bucketkeeper.ownership.StoreOutage;
import org.bucketkeeper.ownership.Tenure;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CoordinationStore;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stateful server a member of the cluster: registers it, claims the buckets that are assigned to it, gives out
 * guards to work on them, hands them over when they are assigned elsewhere, and tells who serves which base, over one
 * watch and one lease.
 *
 * <pre>{@code
 * ClusterServer server = ClusterServer.builder(store)
 *         .node(NodeInfo.of("dtable-server-01", publicUrl, intranetUrl))
 *         .onRelease(tenure -> bases.flushAndUnload(tenure.bucket(), tenure.fencingToken()))
 *         .onLost(tenure -> bases.discard(tenure.bucket()))
 *         .start();
 * try (Guard guard = server.enter(baseId)) {
 *     storage.append(baseId, row, guard.fencingToken());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Only {@link #awaitRegistered}, {@link #close()} and waiting for a guard block. Uses two daemon
 * threads, and more while calls of the listener run; {@link #close()} ends them.
 *
 * <p>What is guaranteed, and what not, is said at {@link BucketOwnership}.
 */
public final class ClusterServer implements AutoCloseable {

    private final ClusterLink link;
    private final NodeRegistry registry;
    private final BucketRouter router;
    private final BucketOwnership ownership;
    private final Duration leaveTimeout;
    private final CompletionStage<LiveNode> registered;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean ending;

    private ClusterServer(Builder builder, NodeInfo node) {
        SessionSettings session = NodeRegistry.sessionSettings(builder.sessionTtl, builder.takeoverTimeout);
        OwnershipSettings settings = new OwnershipSettings(builder.storeOutage, builder.leaveTimeout);
        this.link = ClusterLink.open(builder.store, new Keyspace(builder.prefix), node.nodeId());
        this.leaveTimeout = builder.leaveTimeout;
        this.router = BucketRouter.sharing(link);
        this.ownership = BucketOwnership.sharing(link, router, node.nodeId(), settings, builder.listener());
        this.registry = NodeRegistry.sharing(link, session, builder.compatibleKeys, ownership.session());
        this.registered = registry.register(node);
    }

    /** Returns a builder of a server over {@code store}, which stays the caller's to close, after the server. */
    public static Builder builder(CoordinationStore store) {
        return new Builder(store);
    }

    /** Returns the registry: who is in the cluster. Lives and ends with this server. */
    public NodeRegistry registry() {
        return registry;
    }

    /** Returns the router: who serves which base. Lives and ends with this server. */
    public BucketRouter router() {
        return router;
    }

    /** Returns the ownership: guards, and what is owned. Lives and ends with this server. */
    public BucketOwnership ownership() {
        return ownership;
    }

    /**
     * Returns a guard for the base with {@code uuid}: while it is open and valid, nobody else may write the base.
     *
     * @throws org.bucketkeeper.ownership.NotOwnerException if this server does not own it now; says whom to ask
     */
    public Guard enter(UUID uuid) {
        return ownership.enter(uuid);
    }

    /**
     * Returns a guard for the base with {@code uuid}: while it is open and valid, nobody else may write the base.
     *
     * @param uuid a whole UUID, dashed (36 characters) or undashed (32), in upper or lower case
     * @throws IllegalArgumentException if it is anything else; the message shows the value
     * @throws org.bucketkeeper.ownership.NotOwnerException if this server does not own it now; says whom to ask
     */
    public Guard enter(CharSequence uuid) {
        return ownership.enter(uuid);
    }

    /**
     * Returns a guard for the base with {@code uuid}, and waits for it if this server is about to own the bucket.
     *
     * @param uuid a whole UUID, dashed (36 characters) or undashed (32), in upper or lower case
     * @param maxWait how long to wait at most; refuses at once if it is zero
     * @throws IllegalArgumentException if {@code uuid} is no UUID, or {@code maxWait} is negative
     * @throws org.bucketkeeper.ownership.NotOwnerException if this server does not own it, and is not about to, or not
     *     in time; says whom to ask
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Guard enter(CharSequence uuid, Duration maxWait) throws InterruptedException {
        return ownership.enter(uuid, maxWait);
    }

    /** Returns what {@link NodeRegistry#register} did for this server's node. */
    public CompletionStage<LiveNode> registered() {
        return registered.toCompletableFuture().copy();
    }

    /**
     * Waits until the server is registered.
     *
     * @return the node as it registered
     * @throws TimeoutException if that takes longer than {@code timeout}; the server goes on trying
     * @throws org.bucketkeeper.membership.DuplicateNodeException if another process holds the node's name for longer
     *     than the takeover timeout
     * @throws IllegalStateException if the server is closed meanwhile
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public LiveNode awaitRegistered(Duration timeout) throws TimeoutException, InterruptedException {
        try {
            return registered.toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Leaves the cluster in an orderly way: lets the others take its buckets over one by one, lets the application
     * unload what nobody took, and gives the registration back, so that nobody waits for the lease to expire. If the
     * application has not unloaded a bucket by then, the registration is left to expire instead, which ends the claim
     * on that bucket only when no guard on it can be valid any more.
     *
     * @return completes when that is done, at the latest after twice the leave timeout and one request to the store
     */
    public CompletionStage<Void> leave() {
        end();
        return ended.copy();
    }

    /** Does what {@link #leave()} does and waits until it is done. Safe to call twice. */
    @Override
    public void close() {
        end();
        Closing.await(ended, leaveTimeout.multipliedBy(2).plus(Closing.LONGEST));
        shutDown();
    }

    private synchronized void end() {
        if (!ending) {
            ending = true;
            ownership
                    .leave()
                    .thenCompose(notUnloaded -> notUnloaded.isEmpty() ? registry.leave() : registry.leaveToExpire())
                    .whenComplete((done, failure) -> link.callbacks().execute(this::shutDown));
        }
    }

    private void shutDown() {
        ownership.stop();
        router.close();
        link.close();
        ended.complete(null);
    }

    /** Collects what a server needs; every setting but the node has a default. */
    public static final class Builder {

        private final CoordinationStore store;
        private @Nullable NodeInfo node;
        private String prefix = Keyspace.DEFAULT_PREFIX;
        private Duration sessionTtl = NodeRegistry.DEFAULT_SESSION_TTL;
        private @Nullable Duration takeoverTimeout;
        private CompatibleKeys compatibleKeys = CompatibleKeys.NOT_WRITTEN;
        private @Nullable OwnershipListener listener;
        private Consumer<Tenure> onAcquire = tenure -> {};
        private Function<Tenure, CompletionStage<?>> onRelease = OwnershipListener.NONE::releasing;
        private Consumer<Tenure> onLost = tenure -> {};
        private StoreOutage storeOutage = StoreOutage.STOP_SERVING;
        private Duration leaveTimeout = OwnershipSettings.DEFAULT.leaveTimeout();

        private Builder(CoordinationStore store) {
            this.store = store;
        }

        /** Sets what the server tells the cluster about itself. */
        public Builder node(NodeInfo newNode) {
            this.node = newNode;
            return this;
        }

        /** Sets the beginning of the cluster's keys; by default {@code /bucketkeeper/default/}. */
        public Builder prefix(String newPrefix) {
            this.prefix = newPrefix;
            return this;
        }

        /** Sets how long after its death the server is taken for alive: whole seconds, at least 2; by default 90. */
        public Builder sessionTtl(Duration newSessionTtl) {
            this.sessionTtl = newSessionTtl;
            return this;
        }

        /** Sets how long to wait for another process that holds the node's name; by default twice the session's TTL. */
        public Builder takeoverTimeout(Duration newTakeoverTimeout) {
            this.takeoverTimeout = newTakeoverTimeout;
            return this;
        }

        /** Sets whether the SeaTable-compatible node key is written; by default it is not. */
        public Builder compatibleKeys(CompatibleKeys newCompatibleKeys) {
            this.compatibleKeys = newCompatibleKeys;
            return this;
        }

        /** Sets what to do when a bucket was acquired; by default nothing. See {@link OwnershipListener#acquired}. */
        public Builder onAcquire(Consumer<Tenure> newOnAcquire) {
            this.onAcquire = newOnAcquire;
            return this;
        }

        /**
         * Sets what to do before a bucket is handed over: flush and unload it. By default nothing. See
         * {@link OwnershipListener#releasing}.
         */
        public Builder onRelease(Function<Tenure, CompletionStage<?>> newOnRelease) {
            this.onRelease = newOnRelease;
            return this;
        }

        /** Sets what to do when a bucket was lost: drop it, flush nothing. See {@link OwnershipListener#lost}. */
        public Builder onLost(Consumer<Tenure> newOnLost) {
            this.onLost = newOnLost;
            return this;
        }

        /** Sets all three at once, in place of {@link #onAcquire}, {@link #onRelease} and {@link #onLost}. */
        public Builder listener(OwnershipListener newListener) {
            this.listener = newListener;
            return this;
        }

        /** Sets what to do when the store is away for long; by default {@link StoreOutage#STOP_SERVING}. */
        public Builder whenStoreIsAway(StoreOutage newStoreOutage) {
            this.storeOutage = newStoreOutage;
            return this;
        }

        /**
         * Sets how long {@link #close()} waits for others to take the buckets over, and then again for the application
         * to unload what nobody took; by default 30 s.
         */
        public Builder leaveTimeout(Duration newLeaveTimeout) {
            this.leaveTimeout = newLeaveTimeout;
            return this;
        }

        private OwnershipListener listener() {
            OwnershipListener whole = listener;
            return whole != null ? whole : new ComposedListener(onAcquire, onRelease, onLost);
        }

        /**
         * Returns a server that registers in the background.
         *
         * @throws IllegalStateException if no node was set
         * @throws IllegalArgumentException if a setting is outside its range
         */
        public ClusterServer start() {
            NodeInfo self = node;
            if (self == null) {
                throw new IllegalStateException("node must be set: a server has to tell the cluster how it is reached");
            }
            return new ClusterServer(this, self);
        }
    }

    private record ComposedListener(
            Consumer<Tenure> onAcquire, Function<Tenure, CompletionStage<?>> onRelease, Consumer<Tenure> onLost)
            implements OwnershipListener {

        @Override
        public void acquired(Tenure tenure) {
            onAcquire.accept(tenure);
        }

        @Override
        public CompletionStage<?> releasing(Tenure tenure) {
            return onRelease.apply(tenure);
        }

        @Override
        public void lost(Tenure tenure) {
            onLost.accept(tenure);
        }
    }
}
