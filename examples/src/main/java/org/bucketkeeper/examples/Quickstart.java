package org.bucketkeeper.examples;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.ownership.Guard;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.routing.Route;
import org.bucketkeeper.store.memory.InMemoryStore;

/** The README's example, so that it compiles and runs. */
public final class Quickstart {

    private Quickstart() {}

    /** Runs a cluster of one server in this process and prints where a base is served, and works on it. */
    // The monitor does its work by being there.
    @SuppressWarnings("try")
    public static void main(String[] arguments) throws TimeoutException, InterruptedException {
        try (InMemoryStore store = InMemoryStore.create();
                ClusterMonitor monitor = ClusterMonitor.builder(store.connect())
                        .settleWindow(Duration.ofMillis(200))
                        .start();
                ClusterServer server = ClusterServer.builder(store.connect())
                        .node(NodeInfo.of("dtable-server-01", "https://one.example.com/", "http://10.0.0.1/"))
                        .start();
                BucketRouter router = BucketRouter.connect(store.connect())) {
            router.awaitReady(Duration.ofSeconds(10));

            Route route = router.route("3f8a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2c");
            System.out.println(
                    "bucket " + route.bucket() + " is served at " + route.node().nodeUrl());

            try (Guard guard = server.enter("3f8a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2c", Duration.ofSeconds(10))) {
                System.out.println("while this is open nobody else may write it; token " + guard.fencingToken());
            }
        }
    }
}
