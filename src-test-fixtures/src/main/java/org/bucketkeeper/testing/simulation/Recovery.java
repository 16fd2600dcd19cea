package org.bucketkeeper.testing.simulation;

import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.Guard;
import org.bucketkeeper.ownership.NotOwnerException;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Looks, once the last fault is over, whether all becomes well by itself in time: one table, every bucket owned by the
 * node it is assigned to, no claim of anybody else, and clients that succeed.
 */
final class Recovery {

    private static final int NOBODY = 0;
    private static final long SECOND = 1_000_000_000L;
    private static final long LAST_WRITES = 15 * SECOND;

    private final World world;
    private final long faultsOver;
    private final long deadline;
    private List<ClientRequest> lastWrites = List.of();
    private boolean finished;

    Recovery(World world, long faultsOver) {
        this.world = world;
        this.faultsOver = faultsOver;
        this.deadline = faultsOver + world.scenario().longestRecovery().toNanos();
        world.scheduler().at(faultsOver, NOBODY, this::look);
    }

    boolean isFinished() {
        return finished;
    }

    private void look() {
        String trouble = trouble();
        long now = world.scheduler().now();
        if (trouble == null) {
            world.scheduler().note("check", "all is well " + (now - faultsOver) / SECOND + " s after the last fault");
            world.clients().stop();
            lastWrites = new ArrayList<>();
            for (Bucket bucket : world.scenario().hot()) {
                lastWrites.add(world.clients().lastWrite(bucket));
            }
            world.scheduler().after(SECOND, NOBODY, () -> lookAtLastWrites(now + LAST_WRITES));
        } else if (now >= deadline) {
            world.violations()
                    .report("all becomes well", (now - faultsOver) / SECOND + " s after the last fault: " + trouble);
        } else {
            world.scheduler().after(SECOND, NOBODY, this::look);
        }
    }

    private void lookAtLastWrites(long latest) {
        for (ClientRequest request : lastWrites) {
            if (!request.isDone()) {
                if (world.scheduler().now() > latest) {
                    world.violations()
                            .report(
                                    "clients succeed",
                                    "a write of bucket " + request.bucket() + " failed for " + LAST_WRITES / SECOND
                                            + " s in a healthy cluster");
                } else {
                    world.scheduler().after(SECOND, NOBODY, () -> lookAtLastWrites(latest));
                }
                return;
            }
        }
        for (ClientRequest request : world.clients().acknowledged()) {
            if (!world.storage().contains(request.id())) {
                world.violations()
                        .report(
                                "what is acknowledged is stored",
                                "write " + request.id() + " of bucket " + request.bucket());
            }
        }
        finished = true;
    }

    /** Returns what is not well; null if all is. */
    private @Nullable String trouble() {
        StoreObserver observer = world.checks().observer();
        Entry standing = observer.get(World.KEYS.assignment());
        if (standing == null) {
            return "no assignment";
        }
        Assignment table = world.checks().table();
        List<ServerProcess> live = new ArrayList<>();
        for (int slot = 0; slot < world.scenario().servers(); slot++) {
            ServerProcess server = world.server(slot);
            if (server != null) {
                live.add(server);
                if (server.router().assignment().revision() != table.revision()) {
                    return server.process() + " knows the table of revision "
                            + server.router().assignment().revision() + " instead of " + table.revision();
                }
            }
        }
        if (world.clients().router().assignment().revision() != table.revision()) {
            return "clients do not know the table of revision " + table.revision();
        }
        for (int i = 0; i < Bucket.COUNT; i++) {
            String trouble = troubleWith(Bucket.of(i), table, live);
            if (trouble != null) {
                return trouble;
            }
        }
        return null;
    }

    private @Nullable String troubleWith(Bucket bucket, Assignment table, List<ServerProcess> live) {
        String owner = table.nodeOf(bucket);
        for (ServerProcess server : live) {
            if (server.nodeId().equals(owner)) {
                Entry claim = world.checks().observer().get(World.KEYS.claim(bucket));
                SimulatedProcess claimant =
                        claim == null ? null : world.checks().holder(claim.leaseId());
                if (claimant != server.process()) {
                    return "bucket " + bucket + " is assigned to " + server.process() + " and claimed by " + claimant;
                }
                try (Guard guard = server.ownership().enter(bucket)) {
                    if (claim != null && guard.fencingToken() != claim.createRevision()) {
                        return server.process() + " owns bucket " + bucket + " by token " + guard.fencingToken()
                                + " and claimed it by " + claim.createRevision();
                    }
                    return world.storage().hasSeenMoreThan(bucket, guard.fencingToken())
                            ? "the storage refuses " + guard
                            : null;
                } catch (NotOwnerException e) {
                    return server.process() + " gives out no guard for its bucket " + bucket;
                }
            }
        }
        return "bucket " + bucket + " is assigned to " + owner + ", which does not run";
    }
}
