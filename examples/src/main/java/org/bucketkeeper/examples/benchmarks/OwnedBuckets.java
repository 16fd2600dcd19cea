package org.bucketkeeper.examples.benchmarks;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.ownership.BucketOwnership;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A server that owns all buckets, shared by all threads. */
@State(Scope.Benchmark)
public class OwnedBuckets {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final BucketOwnership ownership;
    final AtomicInteger threads = new AtomicInteger();

    private final InMemoryStore store = InMemoryStore.create();
    private final ClusterServer server;
    private final ClusterMonitor monitor;

    /** Starts a cluster of one node. */
    public OwnedBuckets() {
        server = ClusterServer.builder(store.connect())
                .node(NodeInfo.of("dtable-server-01", "https://one.example.com/", "http://one.internal/"))
                .start();
        monitor = ClusterMonitor.builder(store.connect())
                .settleWindow(Duration.ZERO)
                .start();
        ownership = server.ownership();
    }

    /** Waits until everything is owned. */
    @Setup(Level.Trial)
    public void awaitOwned() throws InterruptedException {
        for (int i = 0; i < Bucket.COUNT; i++) {
            ownership.enter(Bucket.of(i), PATIENCE).close();
        }
    }

    /** Ends the cluster. */
    @TearDown(Level.Trial)
    public void stop() {
        server.close();
        monitor.close();
        store.close();
    }
}
