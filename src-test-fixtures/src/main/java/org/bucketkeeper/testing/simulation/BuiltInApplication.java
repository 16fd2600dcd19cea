package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.OwnershipListener;
import org.bucketkeeper.ownership.Tenure;

/**
 * The application that the simulation brings along: keeps updates in memory, writes them when a bucket is released, and
 * drops them when it is lost.
 */
final class BuiltInApplication implements OwnershipListener {

    private final World world;
    private final ServerProcess server;
    private final Map<Bucket, Loaded> loaded = new HashMap<>();

    /** What is in memory of one bucket. */
    private static final class Loaded {

        private final Tenure tenure;
        private final Deque<Long> dirty = new ArrayDeque<>();
        private boolean unloaded;

        Loaded(Tenure tenure) {
            this.tenure = tenure;
        }
    }

    BuiltInApplication(World world, ServerProcess server) {
        this.world = world;
        this.server = server;
    }

    @Override
    public void acquired(Tenure tenure) {
        boolean good = world.storage().open(tenure.bucket(), tenure.fencingToken());
        if (!good && tenure.isValid() && isExclusive(tenure)) {
            world.violations().report("a new owner's token is the largest", server.process() + ": " + tenure);
        }
        loaded.put(tenure.bucket(), new Loaded(tenure));
    }

    @Override
    public CompletionStage<?> releasing(Tenure tenure) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Loaded bucket = loaded.get(tenure.bucket());
        if (bucket == null || bucket.tenure != tenure) {
            done.complete(null);
        } else {
            flush(bucket, done);
        }
        return done;
    }

    @Override
    public void lost(Tenure tenure) {
        Loaded bucket = loaded.get(tenure.bucket());
        if (bucket != null && bucket.tenure == tenure) {
            loaded.remove(tenure.bucket());
            bucket.unloaded = true;
        }
    }

    /** Keeps an update in memory; the caller has a guard with {@code token} that was valid just now. */
    void keep(Bucket bucket, long token, long id) {
        Loaded memory = loaded.get(bucket);
        if (memory == null || memory.tenure.fencingToken() != token || memory.unloaded) {
            if (world.scenario().isExclusive()) {
                world.violations()
                        .report(
                                "work needs a loaded bucket",
                                server.process() + ": bucket " + bucket + " is worked on with token " + token
                                        + " and is not loaded");
            }
            return;
        }
        memory.dirty.add(id);
    }

    private boolean isExclusive(Tenure tenure) {
        return world.board().isExclusive(server, tenure.bucket(), tenure.fencingToken());
    }

    private void flush(Loaded bucket, CompletableFuture<Void> done) {
        Long id = bucket.dirty.peek();
        if (bucket.unloaded) {
            done.complete(null);
        } else if (id == null) {
            bucket.unloaded = true;
            loaded.remove(bucket.tenure.bucket());
            done.complete(null);
        } else {
            Duration way = Duration.ofMillis(Math.floorMod(Streams.mix(id), 40));
            server.run(way, () -> flushOne(bucket, id, done));
        }
    }

    private void flushOne(Loaded bucket, long id, CompletableFuture<Void> done) {
        Tenure tenure = bucket.tenure;
        if (bucket.unloaded) {
            done.complete(null);
        } else if (!tenure.isValid()) {
            // The session died; the library will say so.
            done.completeExceptionally(new IllegalStateException("the tenure ended"));
        } else if (world.storage().write(tenure.bucket(), tenure.fencingToken(), id)) {
            bucket.dirty.poll();
            flush(bucket, done);
        } else if (isExclusive(tenure)) {
            world.violations()
                    .report(
                            "a planned move loses nothing",
                            server.process() + ": an update was refused by the storage" + " while " + tenure
                                    + " is valid");
        } else {
            // Somebody newer has written: what is here is of no use any more.
            bucket.dirty.clear();
            flush(bucket, done);
        }
    }
}
