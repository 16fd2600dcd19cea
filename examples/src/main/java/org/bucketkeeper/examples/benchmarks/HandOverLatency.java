package org.bucketkeeper.examples.benchmarks;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.ownership.Guard;
import org.bucketkeeper.ownership.NotOwnerException;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Transaction;

/**
 * Measures the time from the commit of a new table on etcd until the new owners have given out a guard for every bucket
 * that moved, beside three puts one after the other by jetcd alone: a hand-over cannot do without deleting one claim,
 * writing another, and hearing of both. The sides take turns, so that a drift of the machine hits both.
 */
final class HandOverLatency implements AutoCloseable {

    private static final long BETWEEN_TRIES = Duration.ofNanos(20_000).toNanos();
    private static final int PUTS = 3;

    /**
     * The times of both sides.
     *
     * @param puts of three puts, one after the other
     * @param handedOver from the commit to the guards
     */
    record Times(Percentiles puts, Percentiles handedOver) {}

    private final List<String> endpoints;
    private final String prefix;
    private final CoordinationStore writer;
    private final KV bare;
    private final Deque<Runnable> closings = new ArrayDeque<>();
    private final ClusterServer[] servers;
    private long version;

    /** @param prefix the beginning of the keys to write, which nothing else uses; they are deleted in the end */
    HandOverLatency(List<String> endpoints, String prefix) {
        this.endpoints = endpoints;
        this.prefix = prefix;
        this.writer = connect();
        closings.push(() -> StoreCalls.delete(writer, prefix));
        Client client = Client.builder()
                .endpoints(endpoints.stream()
                        .map(endpoint -> endpoint.contains("://") ? endpoint : "http://" + endpoint)
                        .toArray(String[]::new))
                .build();
        closings.push(client::close);
        this.bare = client.getKVClient();
        this.servers = new ClusterServer[] {start("dtable-server-01"), start("dtable-server-02")};
    }

    /** Moves {@code moving} to and fro; all other buckets stay with the first server. */
    Times measure(BucketSet moving, int warmUps, int samples) throws InterruptedException, TimeoutException {
        for (ClusterServer server : servers) {
            StoreCalls.await(server.registered());
        }
        commitAndAwait(BucketSet.ALL, 0);
        long[] puts = new long[samples];
        long[] handedOver = new long[samples];
        for (int i = 0; i < warmUps + samples; i++) {
            long putTime = timeOfPuts();
            long handOverTime = commitAndAwait(moving, 1 - i % 2);
            if (i >= warmUps) {
                puts[i - warmUps] = putTime;
                handedOver[i - warmUps] = handOverTime;
            }
        }
        return new Times(Percentiles.of(puts), Percentiles.of(handedOver));
    }

    /** Ends everything and deletes what was written. */
    @Override
    public void close() {
        while (!closings.isEmpty()) {
            closings.pop().run();
        }
    }

    private long timeOfPuts() throws InterruptedException, TimeoutException {
        ByteSequence key = ByteSequence.from(prefix + "floor", StandardCharsets.UTF_8);
        ByteSequence value = ByteSequence.from("{\"node_id\":\"dtable-server-01\"}", StandardCharsets.UTF_8);
        long start = System.nanoTime();
        for (int i = 0; i < PUTS; i++) {
            StoreCalls.await(bare.put(key, value));
        }
        return System.nanoTime() - start;
    }

    private long commitAndAwait(BucketSet moving, int target) throws InterruptedException, TimeoutException {
        Map<Bucket, String> table = new HashMap<>();
        for (Bucket bucket : BucketSet.ALL) {
            table.put(bucket, moving.contains(bucket) ? nodeId(target) : nodeId(0));
        }
        String json = Assignment.of(++version, table).toJson();
        CommitResult result = StoreCalls.await(writer.commit(
                Transaction.builder().put(prefix + "assignment", json).build()));
        long start = System.nanoTime();
        if (!(result instanceof CommitResult.Committed)) {
            throw new IllegalStateException("the table was not committed: " + result);
        }
        for (Bucket bucket : moving) {
            awaitGuard(bucket, target, start);
        }
        return System.nanoTime() - start;
    }

    private void awaitGuard(Bucket bucket, int target, long start) throws InterruptedException, TimeoutException {
        while (true) {
            try (Guard guard = servers[target].ownership().enter(bucket, StoreCalls.PATIENCE)) {
                if (guard.isValid()) {
                    return;
                }
            } catch (NotOwnerException notYetHeardOf) {
                if (System.nanoTime() - start > StoreCalls.PATIENCE.toNanos()) {
                    throw new TimeoutException(
                            "bucket " + bucket + " did not change hands within " + StoreCalls.PATIENCE);
                }
                TimeUnit.NANOSECONDS.sleep(BETWEEN_TRIES);
            }
        }
    }

    private static String nodeId(int server) {
        return "dtable-server-0" + (server + 1);
    }

    private ClusterServer start(String nodeId) {
        ClusterServer server = ClusterServer.builder(connect())
                .node(NodeInfo.of(nodeId, "https://" + nodeId + ".example.com/", "http://" + nodeId + "/"))
                .prefix(prefix)
                .start();
        closings.push(server::close);
        return server;
    }

    private CoordinationStore connect() {
        CoordinationStore store = EtcdStore.builder().endpoints(endpoints).build();
        closings.push(store::close);
        return store;
    }
}
