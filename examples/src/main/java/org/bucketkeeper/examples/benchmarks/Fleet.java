package org.bucketkeeper.examples.benchmarks;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.routing.Route;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A router that all threads share, the table that it reads in bare form, and bases to look up. */
@State(Scope.Benchmark)
public class Fleet {

    private static final int BASES = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final UUID[] uuids = new UUID[BASES];
    final String[] texts = new String[BASES];
    final BucketRouter router;
    volatile Route[] bareTable = new Route[0];

    private final InMemoryStore store = InMemoryStore.create();
    private final ClusterServer server;
    private final ClusterMonitor monitor;

    /** Starts a cluster of one node, and draws the bases. */
    public Fleet() {
        SplittableRandom random = new SplittableRandom(BASES);
        for (int i = 0; i < BASES; i++) {
            uuids[i] = new UUID(random.nextLong(), random.nextLong());
            texts[i] = i % 2 == 0 ? uuids[i].toString() : uuids[i].toString().replace("-", "");
        }
        server = ClusterServer.builder(store.connect())
                .node(NodeInfo.of("dtable-server-01", "https://one.example.com/", "http://one.internal/"))
                .start();
        server.registered().toCompletableFuture().join();
        monitor = ClusterMonitor.builder(store.connect())
                .settleWindow(Duration.ZERO)
                .start();
        router = BucketRouter.connect(store.connect());
    }

    /** Waits until the router has its table, and copies that. */
    @Setup(Level.Trial)
    public void copyTable() throws InterruptedException, TimeoutException {
        router.awaitReady(PATIENCE);
        Route[] routes = new Route[Bucket.COUNT];
        for (int i = 0; i < Bucket.COUNT; i++) {
            routes[i] = router.route(Bucket.of(i));
        }
        bareTable = routes;
    }

    /** Ends the cluster. */
    @TearDown(Level.Trial)
    public void stop() {
        router.close();
        monitor.resign().toCompletableFuture().join();
        server.leave().toCompletableFuture().join();
        store.close();
    }
}
