package org.bucketkeeper.examples.demo;

import java.time.Duration;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.ownership.BucketOwnership;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CoordinationStore;

/** What one stateful server does to be part of the cluster, with a connection to the store that is its own. */
final class DemoNode {

    private final CoordinationStore store;
    private final ClusterServer server;

    private DemoNode(CoordinationStore store, ClusterServer server) {
        this.store = store;
        this.server = server;
    }

    static DemoNode start(CoordinationStore store, String prefix, String nodeId, Duration sessionTtl) {
        NodeInfo info = NodeInfo.of(nodeId, "https://" + nodeId + ".example.com/", "http://" + nodeId + ".internal/");
        ClusterServer server = ClusterServer.builder(store)
                .node(info)
                .prefix(prefix)
                .sessionTtl(sessionTtl)
                .start();
        return new DemoNode(store, server);
    }

    void awaitRegistered() throws InterruptedException {
        Waiting.forResult("the registration of a node", server.registered());
    }

    BucketOwnership ownership() {
        return server.ownership();
    }

    BucketRouter router() {
        return server.router();
    }

    /** Ends as a crash would: the connection is gone first, so nothing is revoked and the lease has to expire. */
    void kill() {
        store.close();
        server.close();
    }

    /** Has its buckets moved, gives the registration back and ends. */
    void leave() throws InterruptedException {
        Waiting.forResult("leaving", server.leave());
        store.close();
    }
}
