package org.bucketkeeper.examples.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CoordinationStore;

/** Measures what one more router, and one more server, takes of a process: its heap and its threads. */
final class Footprint implements AutoCloseable {

    private static final int COLLECTIONS = 5;
    private static final int WARM_UPS = 10;

    /**
     * What one takes, beyond what the client library takes for the connection that all share.
     *
     * @param heapBytes of the heap, after collections
     * @param threads while nothing happens
     */
    record Share(double heapBytes, double threads) {}

    private final Deque<Runnable> closings = new ArrayDeque<>();
    private final ClusterMonitor monitor;
    private final CoordinationStore store;
    private final String prefix;
    private int servers;

    /** @param prefix the beginning of the keys to write, which nothing else uses; they are deleted in the end */
    Footprint(String endpoint, String prefix) throws InterruptedException, TimeoutException {
        this.prefix = prefix;
        this.store = EtcdStore.connect(endpoint);
        closings.push(store::close);
        closings.push(() -> StoreCalls.deleteCluster(store, prefix));
        monitor = ClusterMonitor.builder(store)
                .prefix(prefix)
                .settleWindow(Duration.ofSeconds(1))
                .start();
        // What the first of each brings with it, and all others share.
        for (int i = 0; i < WARM_UPS; i++) {
            openServer();
            openRouter();
        }
        // The first table of all says of every bucket that it moved; what follows is as large as usual.
        try (ClusterOperator operator = ClusterOperator.connect(store, prefix)) {
            StoreCalls.await(operator.changePolicy(policy -> policy.pin(Bucket.of(0), nodeId(2))));
        }
        TimeUnit.SECONDS.sleep(2);
    }

    Share ofRouter(int count) throws InterruptedException, TimeoutException {
        return share(count, this::openRouter);
    }

    /** What the processes that are there already keep of the new ones is counted as well. */
    Share ofServer(int count) throws InterruptedException, TimeoutException {
        return share(count, this::openServer);
    }

    @Override
    public void close() {
        // First, or it would warn of what becomes of the others.
        monitor.close();
        while (!closings.isEmpty()) {
            closings.pop().run();
        }
    }

    private interface Opening {
        void run() throws InterruptedException, TimeoutException;
    }

    private static Share share(int count, Opening opening) throws InterruptedException, TimeoutException {
        long heap = usedHeap();
        long threads = ownThreads();
        for (int i = 0; i < count; i++) {
            opening.run();
        }
        double more = ownThreads() - threads;
        return new Share((usedHeap() - heap) / (double) count, more / count);
    }

    /** The client library's come and go as it pleases. */
    private static long ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("bucketkeeper-"))
                .count();
    }

    private static long usedHeap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static String nodeId(int server) {
        return "dtable-server-" + server;
    }

    private void openRouter() throws InterruptedException, TimeoutException {
        BucketRouter router = BucketRouter.connect(store, prefix);
        closings.push(router::close);
        router.awaitReady(StoreCalls.PATIENCE);
    }

    private void openServer() throws InterruptedException, TimeoutException {
        servers++;
        ClusterServer server = ClusterServer.builder(store)
                .prefix(prefix)
                .node(NodeInfo.of(nodeId(servers), "https://example.com/", "http://127.0.0.1/"))
                .start();
        closings.push(server::close);
        server.awaitRegistered(StoreCalls.PATIENCE);
        server.router().awaitReady(StoreCalls.PATIENCE);
    }
}
