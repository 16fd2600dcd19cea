package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bucketkeeper.assignment.AutomaticBalancing;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.ownership.Tenure;

/** What operators ask for, over the production class that operators' tools use, and what they take back later. */
final class Operators {

    private static final int NOBODY = 0;
    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

    private final World world;
    private final SimulatedProcess process;
    private final ClusterOperator operator;
    private final List<UnaryOperator<Policy>> takenBack = new ArrayList<>();

    Operators(World world) {
        this.world = world;
        this.process = new SimulatedProcess(world, "operators");
        this.operator = ClusterOperator.sharing(process.link());
    }

    void rebalance() {
        operator.rebalance();
    }

    void cordon(String nodeId, long nanos) {
        change(policy -> policy.cordon(nodeId));
        later(Duration.ofNanos(nanos), policy -> policy.uncordon(nodeId));
    }

    void drain(String nodeId, long nanos) {
        change(policy -> policy.drain(nodeId));
        later(Duration.ofNanos(nanos), policy -> policy.undrain(nodeId));
    }

    void pin(Bucket bucket, String nodeId, long nanos) {
        change(policy -> policy.pin(bucket, nodeId));
        later(Duration.ofNanos(nanos), policy -> policy.unpin(bucket));
    }

    void balanceAutomatically(long nanos) {
        change(policy -> policy.withAutomaticBalancing(AutomaticBalancing.ON));
        later(Duration.ofNanos(nanos), policy -> policy.withAutomaticBalancing(AutomaticBalancing.OFF));
    }

    /** Forces the release of a claim, again and again until that is done or not needed any more. */
    void force(TenureRecord record) {
        Tenure tenure = record.tenure();
        if (!record.isLoaded() || record.server().isDead()) {
            return;
        }
        world.board().forced(tenure.fencingToken());
        process.machine().note("forces the release of " + tenure);
        operator.forceRelease(tenure.bucket(), tenure.fencingToken()).whenComplete((done, failure) -> {
            if (failure != null) {
                process.machine().run(TRY_AGAIN, () -> force(record));
            }
        });
    }

    /** Takes back once more what the store may have forgotten was taken back. */
    void onLoss() {
        takenBack.forEach(this::change);
    }

    private void later(Duration delay, UnaryOperator<Policy> change) {
        world.scheduler().after(delay.toNanos(), NOBODY, () -> {
            takenBack.add(change);
            change(change);
        });
    }

    /** An operator who gets no good answer asks again. */
    private void change(UnaryOperator<Policy> change) {
        operator.changePolicy(change).whenComplete((policy, failure) -> {
            if (failure != null) {
                process.machine().run(TRY_AGAIN, () -> change(change));
            }
        });
    }
}
