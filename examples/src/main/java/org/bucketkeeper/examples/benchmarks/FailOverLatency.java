package org.bucketkeeper.examples.benchmarks;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.watch.WatchEvent.EventType;
import io.etcd.jetcd.watch.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.ownership.Guard;
import org.bucketkeeper.ownership.NotOwnerException;
import org.bucketkeeper.store.CoordinationStore;

/**
 * Measures the time from the kill of a server, in a process of its own, until all its buckets are served elsewhere,
 * beside the time until a bare jetcd watch sees that its lease has expired, which nobody can be ahead of.
 */
final class FailOverLatency implements AutoCloseable {

    private static final Duration TTL = Duration.ofSeconds(5);
    private static final int SURVIVORS = 3;
    private static final long BETWEEN_TRIES = 20_000;

    /**
     * The times since the kill, and the time of each from the one to the other.
     *
     * @param expired until the watch saw the end of the lease
     * @param served until a survivor had given out a guard for each of the buckets
     * @param since from {@code expired} to {@code served}
     */
    record Times(Percentiles expired, Percentiles served, Percentiles since) {}

    private final String endpoint;
    private final String prefix;
    private final Deque<Runnable> closings = new ArrayDeque<>();
    private final ClusterMonitor monitor;
    private final Client client;
    private final ClusterOperator operator;
    private final ClusterServer[] survivors = new ClusterServer[SURVIVORS];
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    /**
     * @param endpoint of an etcd
     * @param prefix the beginning of the keys to write, which nothing else uses; they are deleted in the end
     */
    FailOverLatency(String endpoint, String prefix) {
        this.endpoint = endpoint;
        this.prefix = prefix;
        CoordinationStore store = EtcdStore.connect(endpoint);
        closings.push(store::close);
        closings.push(() -> StoreCalls.deleteCluster(store, prefix));
        client = Client.builder().endpoints("http://" + endpoint).build();
        closings.push(client::close);
        monitor = ClusterMonitor.builder(store)
                .prefix(prefix)
                .nodeTtl(TTL)
                .settleWindow(Duration.ofSeconds(1))
                .start();
        operator = ClusterOperator.connect(store, prefix);
        closings.push(operator::close);
        for (int i = 0; i < SURVIVORS; i++) {
            CoordinationStore own = EtcdStore.connect(endpoint);
            closings.push(own::close);
            survivors[i] = ClusterServer.builder(own)
                    .prefix(prefix)
                    .node(NodeInfo.of("survivor-" + i, "https://survivor.example.com/", "http://survivor/"))
                    .sessionTtl(TTL)
                    .start();
            closings.push(survivors[i]::close);
        }
    }

    /** To be called once. */
    Times measure(int samples) throws InterruptedException, TimeoutException {
        for (ClusterServer survivor : survivors) {
            survivor.awaitRegistered(StoreCalls.PATIENCE);
        }
        awaitGuards(BucketSet.ALL);
        long[] expired = new long[samples];
        long[] served = new long[samples];
        long[] since = new long[samples];
        for (int i = 0; i < samples; i++) {
            String victim = "victim-" + i;
            CompletableFuture<Long> expiry = watchFor("nodes/" + victim);
            ChildProcess process = ChildProcess.start(
                    Victim.class, List.of(endpoint, prefix, victim, Long.toString(TTL.toSeconds())), said);
            if (said.poll(StoreCalls.PATIENCE.toNanos(), TimeUnit.NANOSECONDS) == null) {
                throw new TimeoutException("the server that is to be killed did not register");
            }
            BucketSet buckets = give(victim);
            long start = System.nanoTime();
            process.kill();
            served[i] = awaitGuards(buckets) - start;
            expired[i] = StoreCalls.await(expiry) - start;
            since[i] = served[i] - expired[i];
        }
        return new Times(Percentiles.of(expired), Percentiles.of(served), Percentiles.of(since));
    }

    /** Ends everything and deletes what was written. */
    @Override
    public void close() {
        // First, or it would warn of what becomes of the others.
        monitor.close();
        while (!closings.isEmpty()) {
            closings.pop().run();
        }
    }

    private CompletableFuture<Long> watchFor(String key) {
        CompletableFuture<Long> deleted = new CompletableFuture<>();
        var unused = client.getWatchClient()
                .watch(ByteSequence.from(prefix + key, StandardCharsets.UTF_8), (WatchResponse response) -> {
                    if (response.getEvents().stream().anyMatch(event -> event.getEventType() == EventType.DELETE)) {
                        deleted.complete(System.nanoTime());
                    }
                });
        return deleted;
    }

    /** Has the buckets spread evenly, and returns those that the node holds then. */
    private BucketSet give(String nodeId) throws InterruptedException, TimeoutException {
        StoreCalls.await(operator.rebalance());
        long end = System.nanoTime() + StoreCalls.PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            BucketSet assigned = survivors[0].router().assignment().bucketsOf(nodeId);
            BucketSet held = BucketSet.EMPTY;
            for (Bucket bucket : assigned) {
                held = nodeId.equals(survivors[0].router().view(bucket).heldBy()) ? held.with(bucket) : held;
            }
            if (!held.isEmpty() && held.equals(assigned)) {
                return held;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new TimeoutException(nodeId + " was given no buckets");
    }

    /** Returns when the last of them is served by one of the survivors. */
    private long awaitGuards(BucketSet buckets) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + StoreCalls.PATIENCE.toNanos();
        for (Bucket bucket : buckets) {
            while (!isServed(bucket)) {
                if (System.nanoTime() > end) {
                    throw new TimeoutException("bucket " + bucket + " is served by nobody");
                }
                TimeUnit.NANOSECONDS.sleep(BETWEEN_TRIES);
            }
        }
        return System.nanoTime();
    }

    private boolean isServed(Bucket bucket) {
        for (ClusterServer survivor : survivors) {
            if (isServed(bucket, survivor)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isServed(Bucket bucket, ClusterServer server) {
        try (Guard guard = server.ownership().enter(bucket)) {
            return guard.isValid();
        } catch (NotOwnerException anotherMayBe) {
            return false;
        }
    }
}
