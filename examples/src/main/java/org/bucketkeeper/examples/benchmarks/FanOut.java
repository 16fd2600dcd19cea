package org.bucketkeeper.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Transaction;

/**
 * Measures the time from the call that commits a table until the last of many routers, spread over a few processes, has
 * told its listener, beside the time until the last of as many bare jetcd watches in the same processes has the change.
 * The sides take turns.
 */
final class FanOut implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final CoordinationStore writer;
    private final String prefix;
    private final int processes;
    private final List<ChildProcess> children = new ArrayList<>();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    /**
     * @param endpoint of an etcd
     * @param prefix the beginning of the keys to write, which nothing else uses; they are deleted in the end
     * @param processes among which the routers are divided evenly
     */
    FanOut(String endpoint, String prefix, int processes) {
        this.writer = EtcdStore.connect(endpoint);
        this.prefix = prefix;
        this.processes = processes;
    }

    /** To be called once. */
    CommitLatency.Times measure(String endpoint, int routers, int warmUps, int samples)
            throws InterruptedException, TimeoutException {
        String[] tables = CommitLatency.tables();
        NodeRegistry here = register(CommitLatency.HERE);
        NodeRegistry there = register(CommitLatency.THERE);
        commit("routed", tables[1]);
        for (int i = 0; i < processes; i++) {
            children.add(ChildProcess.start(
                    Follower.class,
                    List.of(endpoint, prefix + "watched/", prefix + "routed/", Integer.toString(routers / processes)),
                    said));
        }
        for (int i = 0; i < processes; i++) {
            next("ready");
        }
        long[] watched = new long[samples];
        long[] routed = new long[samples];
        for (int i = 0; i < warmUps + samples; i++) {
            long watchedTime = timeOf("watched", tables[i & 1]);
            long routedTime = timeOf("routed", tables[i & 1]);
            if (i >= warmUps) {
                watched[i - warmUps] = watchedTime;
                routed[i - warmUps] = routedTime;
            }
        }
        StoreCalls.await(here.leave());
        StoreCalls.await(there.leave());
        return new CommitLatency.Times(Percentiles.of(watched), Percentiles.of(routed));
    }

    /** Ends the processes and deletes what was written. */
    @Override
    public void close() {
        children.forEach(ChildProcess::kill);
        StoreCalls.delete(writer, prefix);
        writer.close();
    }

    private NodeRegistry register(String nodeId) throws InterruptedException, TimeoutException {
        NodeRegistry registry =
                NodeRegistry.builder(writer).prefix(prefix + "routed/").build();
        StoreCalls.await(registry.register(
                NodeInfo.of(nodeId, "https://" + nodeId + ".example.com/", "http://" + nodeId + "/")));
        return registry;
    }

    /** Commits a table and returns the nanoseconds until all processes have said that the last of theirs has it. */
    private long timeOf(String side, String table) throws InterruptedException, TimeoutException {
        long start = System.nanoTime();
        String change = side + " " + commit(side, table) + " ";
        long last = start;
        for (int i = 0; i < processes; i++) {
            last = Math.max(last, Long.parseLong(next(change).substring(change.length())));
        }
        return last - start;
    }

    private long commit(String side, String table) throws InterruptedException, TimeoutException {
        CommitResult result = StoreCalls.await(writer.commit(
                Transaction.builder().put(prefix + side + "/assignment", table).build()));
        if (!(result instanceof CommitResult.Committed committed)) {
            throw new IllegalStateException("the table was not committed: " + result);
        }
        return committed.revision();
    }

    /** Returns the next line that begins so; what else is said meanwhile is of no interest. */
    private String next(String beginning) throws InterruptedException, TimeoutException {
        while (true) {
            String line = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new TimeoutException("no process said \"" + beginning + "\" within " + PATIENCE_SECONDS + " s");
            }
            if (line.startsWith(beginning)) {
                return line;
            }
        }
    }
}
