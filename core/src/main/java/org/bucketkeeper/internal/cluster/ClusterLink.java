package org.bucketkeeper.internal.cluster;

import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.driver.LinuxProcessTable;
import org.bucketkeeper.driver.ProcessTable;
import org.bucketkeeper.driver.SystemEventLoop;
import org.bucketkeeper.driver.SystemWorkers;
import org.bucketkeeper.driver.Workers;
import org.bucketkeeper.internal.mirror.Mirror;
import org.bucketkeeper.internal.mirror.MirrorSettings;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;

/**
 * What the roles of one process share: a loop that runs their protocols, a loop that calls the application, the store,
 * and one mirror of the cluster's keys.
 *
 * @param loop runs the protocols
 * @param callbacks calls the application, so that a slow listener does not hold up a protocol
 * @param workers call the application where a call may block or never return
 * @param processes tells which processes of this machine are dead
 * @param store the store; belongs to the caller, who closes it
 * @param keys where the cluster's facts stand
 * @param mirror the copy of the cluster's keys; on {@code loop}
 * @param jitter keeps the processes of a large cluster from doing the same at the same time; on {@code loop}
 */
public record ClusterLink(
        EventLoop loop,
        EventLoop callbacks,
        Workers workers,
        ProcessTable processes,
        CoordinationStore store,
        Keyspace keys,
        Mirror mirror,
        RandomGenerator jitter) {

    /** Opens a link with threads of its own, named after {@code role}. */
    public static ClusterLink open(CoordinationStore store, Keyspace keys, String role) {
        EventLoop loop = new SystemEventLoop("bucketkeeper-" + role);
        return on(
                loop,
                new SystemEventLoop("bucketkeeper-" + role + "-callbacks"),
                new SystemWorkers("bucketkeeper-" + role + "-worker", loop),
                LinuxProcessTable.ofThisMachine(),
                store,
                keys,
                new SplittableRandom());
    }

    /** Opens a link on loops that the caller provides, for simulation. */
    public static ClusterLink on(
            EventLoop loop, EventLoop callbacks, CoordinationStore store, Keyspace keys, RandomGenerator jitter) {
        return on(loop, callbacks, Workers.on(callbacks), ProcessTable.UNKNOWN, store, keys, jitter);
    }

    /** Opens a link on loops and with a process table that the caller provides, for simulation. */
    public static ClusterLink on(
            EventLoop loop,
            EventLoop callbacks,
            ProcessTable processes,
            CoordinationStore store,
            Keyspace keys,
            RandomGenerator jitter) {
        return on(loop, callbacks, Workers.on(callbacks), processes, store, keys, jitter);
    }

    private static ClusterLink on(
            EventLoop loop,
            EventLoop callbacks,
            Workers workers,
            ProcessTable processes,
            CoordinationStore store,
            Keyspace keys,
            RandomGenerator jitter) {
        Mirror mirror = new Mirror(loop, store, keys.prefix(), MirrorSettings.DEFAULT, jitter);
        mirror.start();
        return new ClusterLink(loop, callbacks, workers, processes, store, keys, mirror, jitter);
    }

    /**
     * Returns a stage that completes as {@code inner} does, but runs what depends on it where listeners run: whatever
     * the application does there, it does not hold up a protocol. What the application does to the stage does not
     * touch {@code inner}.
     */
    public <T> CompletionStage<T> outside(CompletionStage<T> inner) {
        CompletableFuture<T> known = inner.toCompletableFuture();
        if (known.isDone()) {
            return known.copy();
        }
        CompletableFuture<T> outer = new CompletableFuture<>();
        inner.whenComplete((value, failure) -> callbacks.execute(() -> {
            if (failure == null) {
                outer.complete(value);
            } else {
                outer.completeExceptionally(failure);
            }
        }));
        return outer;
    }

    /** Commits and tells the outcome, on any thread; a store that breaks its contract and fails is one without an answer. */
    public void commit(Transaction transaction, Consumer<CommitResult> answered) {
        store.commit(transaction)
                .whenComplete((result, failure) -> answered.accept(
                        failure == null ? result : new CommitResult.Unknown(StoreException.from(failure))));
    }

    /** Stops the mirror and both loops; the store stays open. */
    public void close() {
        loop.execute(() -> {
            mirror.stop();
            loop.close();
            // After what the loop's last tasks had to say.
            callbacks.execute(callbacks::close);
            workers.close();
        });
    }
}
