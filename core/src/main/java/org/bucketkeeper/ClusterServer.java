package org.bucketkeeper;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.session.SessionSettings;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CoordinationStore;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stateful server a member of the cluster: registers it, keeps it registered, and tells it who serves which
 * base, over one watch and one lease.
 *
 * <p>Thread-safe. Only {@link #awaitRegistered} and {@link #close()} block. Uses two daemon threads, which {@link #close()} ends.
 */
public final class ClusterServer implements AutoCloseable {

    private final ClusterLink link;
    private final NodeRegistry registry;
    private final BucketRouter router;
    private final CompletionStage<LiveNode> registered;

    private ClusterServer(Builder builder, NodeInfo node) {
        SessionSettings session = NodeRegistry.sessionSettings(builder.sessionTtl, builder.takeoverTimeout);
        this.link = ClusterLink.open(builder.store, new Keyspace(builder.prefix), node.nodeId());
        this.registry = NodeRegistry.sharing(link, session, builder.compatibleKeys);
        this.router = BucketRouter.sharing(link);
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
     * Leaves the cluster: gives the registration back at once, so that nobody waits for the lease to expire.
     *
     * @return completes when that is done, or was tried in vain, which is logged
     */
    public CompletionStage<Void> leave() {
        return registry.leave().whenComplete((done, failure) -> {
            router.close();
            link.close();
        });
    }

    /** Does what {@link #leave()} does and waits until it is done, at most ten seconds. Safe to call twice. */
    @Override
    public void close() {
        registry.close();
        router.close();
        link.close();
    }

    /** Collects what a server needs; every setting but the node has a default. */
    public static final class Builder {

        private final CoordinationStore store;
        private @Nullable NodeInfo node;
        private String prefix = Keyspace.DEFAULT_PREFIX;
        private Duration sessionTtl = NodeRegistry.DEFAULT_SESSION_TTL;
        private @Nullable Duration takeoverTimeout;
        private CompatibleKeys compatibleKeys = CompatibleKeys.NOT_WRITTEN;

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
}
