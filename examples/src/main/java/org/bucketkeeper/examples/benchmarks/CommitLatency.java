package org.bucketkeeper.examples.benchmarks;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.Move;
import org.bucketkeeper.assignment.MoveReason;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.Watch;
import org.bucketkeeper.store.WatchEvent;

/**
 * Measures the time from the call that commits a new table until a router has told its listener of the new routes,
 * beside the time until a bare watch has the change. Both are fed the same tables in turn, one commit after the other,
 * each side on a connection of its own, so that a drift of the machine hits both.
 */
final class CommitLatency implements AutoCloseable {

    static final String HERE = "dtable-server-01";
    static final String THERE = "dtable-server-02";

    /**
     * The times of both sides.
     *
     * @param watched until the watch had it
     * @param routed until the router had it
     */
    record Times(Percentiles watched, Percentiles routed) {}

    /** That a side has seen the change of a revision, and when. */
    private record Seen(long revision, long nanoTime) {}

    private final Supplier<? extends CoordinationStore> connections;
    private final String watchedPrefix;
    private final String routedPrefix;
    private final CoordinationStore writer;
    private final Deque<Runnable> closings = new ArrayDeque<>();
    private final BlockingQueue<Seen> sightings = new LinkedBlockingQueue<>();

    /**
     * @param connections gives a new connection with each call
     * @param prefix the beginning of the keys to write, which nothing else uses; they are deleted in the end
     */
    CommitLatency(Supplier<? extends CoordinationStore> connections, String prefix) {
        this.connections = connections;
        this.watchedPrefix = prefix + "watched/";
        this.routedPrefix = prefix + "routed/";
        this.writer = connect();
        closings.push(() -> StoreCalls.delete(writer, watchedPrefix));
        closings.push(() -> StoreCalls.delete(writer, routedPrefix));
    }

    /** To be called once. */
    Times measure(int warmUps, int samples) throws InterruptedException, TimeoutException {
        String[] tables = tables();
        register(HERE);
        register(THERE);
        StoreCalls.await(commit(routedPrefix, tables[1]));
        openRouter();
        openWatch();
        long[] watched = new long[samples];
        long[] routed = new long[samples];
        for (int i = 0; i < warmUps + samples; i++) {
            String table = tables[i & 1];
            long watchedTime = timeOf(watchedPrefix, table);
            long routedTime = timeOf(routedPrefix, table);
            if (i >= warmUps) {
                watched[i - warmUps] = watchedTime;
                routed[i - warmUps] = routedTime;
            }
        }
        return new Times(Percentiles.of(watched), Percentiles.of(routed));
    }

    /** Ends everything and deletes what was written. */
    @Override
    public void close() {
        while (!closings.isEmpty()) {
            closings.pop().run();
        }
    }

    private CoordinationStore connect() {
        CoordinationStore store = connections.get();
        closings.push(store::close);
        return store;
    }

    /** Returns two tables of the usual size that differ in one bucket. */
    static String[] tables() {
        Map<Bucket, String> owners = new HashMap<>();
        for (Bucket bucket : BucketSet.ALL) {
            owners.put(bucket, bucket.index() % 2 == 0 ? HERE : THERE);
        }
        Bucket moving = Bucket.of(0);
        Assignment even = Assignment.of(1, owners);
        Assignment odd = even.next(List.of(new Move(moving, HERE, THERE, MoveReason.BALANCE)));
        Assignment back = odd.next(List.of(new Move(moving, THERE, HERE, MoveReason.BALANCE)));
        return new String[] {odd.toJson(), back.toJson()};
    }

    private void register(String nodeId) throws InterruptedException, TimeoutException {
        NodeRegistry registry =
                NodeRegistry.builder(connect()).prefix(routedPrefix).build();
        closings.push(() -> registry.leave().toCompletableFuture().join());
        StoreCalls.await(registry.register(
                NodeInfo.of(nodeId, "https://" + nodeId + ".example.com/", "http://" + nodeId + "/")));
    }

    private void openRouter() throws InterruptedException, TimeoutException {
        BucketRouter router = BucketRouter.connect(connect(), routedPrefix);
        closings.push(router::close);
        router.addListener((revision, changes) -> sightings.add(new Seen(revision, System.nanoTime())));
        router.awaitReady(StoreCalls.PATIENCE);
    }

    private void openWatch() throws InterruptedException, TimeoutException {
        CoordinationStore store = connect();
        long from = StoreCalls.await(store.read(watchedPrefix)).revision() + 1;
        Watch watch = store.watch(watchedPrefix, from, event -> {
            if (event instanceof WatchEvent.Changes changes) {
                sightings.add(new Seen(changes.revision(), System.nanoTime()));
            }
        });
        closings.push(watch::close);
    }

    /** Commits a table and returns the nanoseconds until its side has seen it. */
    private long timeOf(String prefix, String table) throws InterruptedException, TimeoutException {
        long start = System.nanoTime();
        CommitResult result = StoreCalls.await(commit(prefix, table));
        if (!(result instanceof CommitResult.Committed committed)) {
            throw new IllegalStateException("the table was not committed: " + result);
        }
        while (true) {
            Seen seen = sightings.poll(StoreCalls.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            if (seen == null) {
                throw new TimeoutException("a commit was not seen within " + StoreCalls.PATIENCE.toSeconds() + " s");
            }
            if (seen.revision() == committed.revision()) {
                return seen.nanoTime() - start;
            }
        }
    }

    private CompletionStage<CommitResult> commit(String prefix, String table) {
        return writer.commit(
                Transaction.builder().put(prefix + "assignment", table).build());
    }
}
