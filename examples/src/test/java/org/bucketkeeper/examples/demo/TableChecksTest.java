package org.bucketkeeper.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.NodeCapacity;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.assignment.Rebalancer;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.monitor.RebalanceOutcome;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.junit.jupiter.api.Test;

class TableChecksTest {

    private static final List<String> THREE = Tables.nodes(3);
    private static final Assignment TABLE = Tables.dealtTo(THREE);

    @Test
    void seesThatEveryBucketHasALiveOwner() {
        assertThat(TableChecks.everyBucketHasALiveOwner(TABLE, THREE).holds()).isTrue();
    }

    @Test
    void seesABucketWithoutAnOwner() {
        Check check = TableChecks.everyBucketHasALiveOwner(Tables.without(TABLE, 0x0a), THREE);

        assertThat(check.objection()).isEqualTo("these have none: [0a]");
    }

    @Test
    void seesAnOwnerThatIsNotAlive() {
        Check check = TableChecks.everyBucketHasALiveOwner(Tables.with(TABLE, 0xff, "ghost"), THREE);

        assertThat(check.objection()).isEqualTo("these have none: [ff]");
    }

    @Test
    void seesAnEvenSpread() {
        Check check = TableChecks.evenlySpread(TABLE, THREE);

        assertThat(check.holds()).isTrue();
        assertThat(check.claim()).isEqualTo("each of the 3 nodes has 85 or 86 buckets");
    }

    @Test
    void seesANodeWithTooMany() {
        Check check = TableChecks.evenlySpread(Tables.with(TABLE, 1, THREE.get(0)), THREE);

        assertThat(check.objection()).contains(THREE.get(0) + "=87", THREE.get(1) + "=84");
    }

    @Test
    void seesThatOnlyTheExpectedBucketsMoved() {
        Assignment after = Tables.with(TABLE, 1, THREE.get(0));

        assertThat(TableChecks.onlyMoved(BucketSet.of(Bucket.of(1)), "those", TABLE, after)
                        .holds())
                .isTrue();
        assertThat(TableChecks.onlyMoved(BucketSet.EMPTY, "none", TABLE, TABLE).holds())
                .isTrue();
    }

    @Test
    void seesABucketThatMovedForNoReason() {
        Assignment after = Tables.with(TABLE, 1, THREE.get(0));

        Check check = TableChecks.onlyMoved(BucketSet.EMPTY, "none", TABLE, after);

        assertThat(check.objection()).isEqualTo("wrongly moved: [01], wrongly kept: []");
    }

    @Test
    void seesABucketThatOughtToHaveMoved() {
        Check check = TableChecks.onlyMoved(BucketSet.of(Bucket.of(1)), "those", TABLE, TABLE);

        assertThat(check.objection()).isEqualTo("wrongly moved: [], wrongly kept: [01]");
    }

    @Test
    void countsTheWrites() {
        Assignment once = Tables.with(TABLE, 1, THREE.get(0));
        Assignment twice = Tables.with(once, 2, THREE.get(0));

        assertThat(TableChecks.written(1, TABLE, once).holds()).isTrue();
        assertThat(TableChecks.written(1, TABLE, twice).objection()).isEqualTo("it was written 2 times");
    }

    @Test
    void seesARouterThatKnowsNothing() {
        try (InMemoryStore store = InMemoryStore.create();
                BucketRouter router = BucketRouter.connect(store.connect())) {

            Check check = TableChecks.routesAgree(TABLE, List.of(router));

            assertThat(check.objection()).isEqualTo("not so for [00..ff]");
        }
    }

    @Test
    void comparesThePlanWithItsBound() {
        RebalancePlan plan = balance(Tables.with(TABLE, 1, THREE.get(0)));

        assertThat(plan.total()).isEqualTo(1);
        assertThat(TableChecks.fewestMoves(plan).holds()).isTrue();
        assertThat(TableChecks.fewestMoves(plan.limitedTo(0)).objection()).isEqualTo("it has 0");
    }

    @Test
    void seesAPlanThatWasKept() {
        RebalancePlan plan = balance(Tables.with(TABLE, 1, THREE.get(0)));

        assertThat(TableChecks.planWasKept(plan, new RebalanceOutcome(1, 1, 7, plan.moves()), plan.target()))
                .allMatch(Check::holds);
    }

    @Test
    void seesAPlanThatWasNotKept() {
        RebalancePlan plan = balance(Tables.with(TABLE, 1, THREE.get(0)));

        assertThat(TableChecks.planWasKept(plan, new RebalanceOutcome(2, 1, 7, plan.moves()), plan.current()))
                .noneMatch(Check::holds);
    }

    private static RebalancePlan balance(Assignment table) {
        List<NodeCapacity> live =
                THREE.stream().map(nodeId -> new NodeCapacity(nodeId, 100)).toList();
        return Rebalancer.plan(table, live, Policy.DEFAULT, RebalanceMode.BALANCE);
    }
}
