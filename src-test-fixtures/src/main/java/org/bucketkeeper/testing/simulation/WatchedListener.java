package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.OwnershipListener;
import org.bucketkeeper.ownership.Tenure;

/** Checks the order in which a server's listener is called, and misbehaves in its place where a fault says so. */
final class WatchedListener implements OwnershipListener {

    private static final String ORDER = "the listener is called in order";
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private final World world;
    private final ServerProcess server;
    private final OwnershipListener application;

    WatchedListener(World world, ServerProcess server, OwnershipListener application) {
        this.world = world;
        this.server = server;
        this.application = application;
    }

    /** Says that a fault is at work; without a stack trace, which nobody reads. */
    private static final class PlannedFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        PlannedFailure() {
            super("planned by the simulation", null, false, false);
        }
    }

    @Override
    public void acquired(Tenure tenure) {
        TenureRecord before = world.board().latest(server, tenure.bucket());
        if (before != null && before.isLoaded()) {
            broken("acquired(" + tenure + ") while " + before);
        }
        note("acquired", tenure);
        world.board().acquired(server, tenure);
        world.checks().onAcquired(server, tenure);
        application.acquired(tenure);
        if (server.mood(tenure.bucket()) == Mood.THROWS) {
            throw new PlannedFailure();
        }
    }

    @Override
    public CompletionStage<?> releasing(Tenure tenure) {
        TenureRecord record = record("releasing", tenure);
        if (record.state() != TenureRecord.State.HELD && record.state() != TenureRecord.State.RELEASE_FAILED) {
            broken("releasing(" + tenure + ") while " + record);
        }
        if (world.board().hasOpenGuard(server, tenure)) {
            world.violations()
                    .report(
                            "drained before unloaded",
                            server.process() + " has an open guard while " + tenure + " is released");
        }
        note("releasing", tenure);
        record.enter(TenureRecord.State.RELEASING);
        return behave(record).whenComplete((done, failure) -> {
            if (record.state() == TenureRecord.State.RELEASING) {
                record.enter(failure == null ? TenureRecord.State.RELEASED : TenureRecord.State.RELEASE_FAILED);
                note(failure == null ? "released" : "could not release", tenure);
            }
        });
    }

    @Override
    public void lost(Tenure tenure) {
        TenureRecord record = record("lost", tenure);
        if (record.state() == TenureRecord.State.LOST) {
            broken("lost(" + tenure + ") twice");
        }
        if (tenure.isValid()) {
            world.violations().report("what is lost is invalid", server.process() + " lost the valid " + tenure);
        }
        note("lost", tenure);
        record.enter(TenureRecord.State.LOST);
        application.lost(tenure);
        if (server.mood(tenure.bucket()) == Mood.THROWS) {
            throw new PlannedFailure();
        }
    }

    private CompletionStage<?> behave(TenureRecord record) {
        Tenure tenure = record.tenure();
        Mood mood = server.mood(tenure.bucket());
        CompletableFuture<Void> later = new CompletableFuture<>();
        switch (mood) {
            case GOOD -> {
                return application.releasing(tenure);
            }
            case THROWS -> later.completeExceptionally(new PlannedFailure());
            case FAILS_LATER -> server.run(A_WHILE, () -> later.completeExceptionally(new PlannedFailure()));
            case LATE -> server.run(A_WHILE.multipliedBy(2), () -> release(record, later));
            case STUCK -> server.whenMoodEnds(tenure.bucket(), () -> release(record, later));
            case STUCK_FOR_EVER ->
                server.whenMoodEnds(tenure.bucket(), () -> world.operators().force(record));
        }
        return later;
    }

    private void release(TenureRecord record, CompletableFuture<Void> later) {
        if (record.state() != TenureRecord.State.RELEASING) {
            return;
        }
        application.releasing(record.tenure()).whenComplete((done, failure) -> {
            if (failure == null) {
                later.complete(null);
            } else {
                later.completeExceptionally(failure);
            }
        });
    }

    private TenureRecord record(String call, Tenure tenure) {
        TenureRecord record = world.board().latest(server, tenure.bucket());
        if (record == null || record.tenure() != tenure) {
            broken(call + "(" + tenure + ") without acquired");
            return new TenureRecord(server, tenure);
        }
        return record;
    }

    private void broken(String what) {
        world.violations().report(ORDER, server.process() + ": " + what);
    }

    private void note(String call, Tenure tenure) {
        Bucket bucket = tenure.bucket();
        if (world.scenario().hot().contains(bucket)) {
            server.process().machine().note(call + " " + tenure);
        }
    }
}
