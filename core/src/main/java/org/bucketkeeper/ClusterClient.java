package org.bucketkeeper;

import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CoordinationStore;

/**
 * Gives a process that is no server, such as a proxy or an operator's tool, a router, an operator and the list of nodes
 * over one watch.
 *
 * <p>Thread-safe; no method blocks, but for {@link BucketRouter#awaitReady}. Uses two daemon threads, which
 * {@link #close()} ends.
 */
public final class ClusterClient implements AutoCloseable {

    private final ClusterLink link;
    private final NodeRegistry registry;
    private final BucketRouter router;
    private final ClusterOperator operator;

    private ClusterClient(ClusterLink link) {
        this.link = link;
        this.registry = NodeRegistry.following(link);
        this.router = BucketRouter.sharing(link);
        this.operator = ClusterOperator.sharing(link);
    }

    /** Returns a client of the cluster at the default prefix over {@code store}, which stays the caller's to close. */
    public static ClusterClient connect(CoordinationStore store) {
        return connect(store, Keyspace.DEFAULT_PREFIX);
    }

    /**
     * Returns a client of the cluster at a prefix over {@code store}, which stays the caller's to close.
     *
     * @throws IllegalArgumentException if the prefix does not begin and end with a slash
     */
    public static ClusterClient connect(CoordinationStore store, String prefix) {
        return new ClusterClient(ClusterLink.open(store, new Keyspace(prefix), "client"));
    }

    /** Returns the registry: who is in the cluster; it registers nobody. Lives and ends with this client. */
    public NodeRegistry registry() {
        return registry;
    }

    /** Returns the router: who serves which base. Lives and ends with this client. */
    public BucketRouter router() {
        return router;
    }

    /** Returns the operator: how the cluster stands, and what steers it. Lives and ends with this client. */
    public ClusterOperator operator() {
        return operator;
    }

    /** Stops following the cluster; routing goes on with the last table. Returns at once; safe to call twice. */
    @Override
    public void close() {
        operator.close();
        router.close();
        link.close();
    }
}
