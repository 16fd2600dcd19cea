package org.bucketkeeper.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.junit.jupiter.api.Test;

class RebalancerTest {

    private static final Bucket BUCKET = Bucket.parse("3f");

    private static List<NodeCapacity> nodes(String... nodeIds) {
        List<NodeCapacity> nodes = new ArrayList<>();
        for (String nodeId : nodeIds) {
            nodes.add(new NodeCapacity(nodeId, 100));
        }
        return nodes;
    }

    private static Assignment balanced(String... nodeIds) {
        return Rebalancer.plan(Assignment.unassigned(), nodes(nodeIds), Policy.DEFAULT, RebalanceMode.BALANCE)
                .target();
    }

    private static RebalancePlan keep(Assignment current, Policy policy, String... nodeIds) {
        return Rebalancer.plan(current, nodes(nodeIds), policy, RebalanceMode.KEEP);
    }

    private static RebalancePlan balance(Assignment current, Policy policy, String... nodeIds) {
        return Rebalancer.plan(current, nodes(nodeIds), policy, RebalanceMode.BALANCE);
    }

    @Test
    void anEmptyClusterIsSharedByCapacity() {
        List<NodeCapacity> nodes = List.of(new NodeCapacity("a", 100), new NodeCapacity("b", 300));

        for (RebalanceMode mode : RebalanceMode.values()) {
            RebalancePlan plan = Rebalancer.plan(Assignment.unassigned(), nodes, Policy.DEFAULT, mode);

            assertThat(plan.target().count("a")).isEqualTo(64);
            assertThat(plan.target().count("b")).isEqualTo(192);
            assertThat(plan.target().version()).isEqualTo(1);
            assertThat(plan.moves()).hasSize(256).allMatch(move -> move.reason() == MoveReason.UNASSIGNED);
            assertThat(plan.orphans()).isEqualTo(256);
        }
    }

    @Test
    void aBalancedClusterStaysAsItIs() {
        Assignment current = balanced("a", "b", "c");

        RebalancePlan plan = balance(current, Policy.DEFAULT, "a", "b", "c");

        assertThat(plan.isEmpty()).isTrue();
        assertThat(plan.target()).isSameAs(current);
    }

    @Test
    void aNodeThatJoinsGetsNothingByKeepAndItsShareByBalance() {
        Assignment current = balanced("a", "b", "c");

        RebalancePlan kept = keep(current, Policy.DEFAULT, "a", "b", "c", "d");
        RebalancePlan shared = balance(current, Policy.DEFAULT, "a", "b", "c", "d");

        assertThat(kept.isEmpty()).isTrue();
        assertThat(shared.total()).isEqualTo(64).isEqualTo(shared.lowerBound());
        assertThat(shared.moves()).allMatch(move -> move.to().equals("d") && move.reason() == MoveReason.BALANCE);
        assertThat(shared.spread()).isZero();
    }

    @Test
    void theBucketsOfALostNodeGoToTheEmptiestNodesFirst() {
        Assignment current = balanced("a", "b");

        RebalancePlan plan = keep(current, Policy.DEFAULT, "b", "c");

        assertThat(plan.moves())
                .hasSize(128)
                .allMatch(move ->
                        "a".equals(move.from()) && move.to().equals("c") && move.reason() == MoveReason.OWNER_LOST);
    }

    @Test
    void aCordonedNodeKeepsWhatItHasAndGetsNothing() {
        Assignment current = balanced("a", "b");

        RebalancePlan plan = balance(current, Policy.DEFAULT.cordon("a"), "a", "b", "c");

        assertThat(plan.target().bucketsOf("a")).isEqualTo(current.bucketsOf("a"));
        assertThat(plan.target().count("b")).isEqualTo(64);
        assertThat(plan.target().count("c")).isEqualTo(64);
    }

    @Test
    void aDrainingNodeGivesEverythingAwayEvenByKeep() {
        Assignment current = balanced("a", "b", "c");

        RebalancePlan plan = keep(current, Policy.DEFAULT.drain("a").cordon("a"), "a", "b", "c");

        assertThat(plan.target().count("a")).isZero();
        assertThat(plan.moves()).hasSize(86).allMatch(move -> move.reason() == MoveReason.DRAIN);
        assertThat(plan.unplaced()).isEqualTo(BucketSet.EMPTY);
    }

    @Test
    void aPinnedBucketGoesToItsNodeEvenIfThatIsCordoned() {
        Assignment current = balanced("a", "b").next(List.of());
        String other = "a".equals(current.nodeOf(BUCKET)) ? "b" : "a";

        RebalancePlan plan = keep(current, Policy.DEFAULT.pin(BUCKET, other).cordon(other), "a", "b");

        assertThat(plan.moves()).containsExactly(new Move(BUCKET, current.nodeOf(BUCKET), other, MoveReason.PIN));
    }

    @Test
    void aPinToADrainingOrUnknownNodeCountsForNothing() {
        Assignment current = balanced("a", "b");

        RebalancePlan unknown = balance(current, Policy.DEFAULT.pin(BUCKET, "c"), "a", "b");
        RebalancePlan draining =
                balance(current, Policy.DEFAULT.pin(BUCKET, "a").drain("a"), "a", "b");

        assertThat(unknown.isEmpty()).isTrue();
        assertThat(draining.target().nodeOf(BUCKET)).isEqualTo("b");
    }

    @Test
    void nodesWithMorePinsThanTheirShareKeepThemAndTheOthersShareTheRest() {
        Policy policy = Policy.DEFAULT;
        for (int b = 0; b < 200; b++) {
            policy = policy.pin(Bucket.of(b), "a");
        }

        RebalancePlan plan = balance(balanced("a", "b", "c"), policy, "a", "b", "c");

        assertThat(plan.target().count("a")).isEqualTo(200);
        assertThat(plan.target().count("b")).isEqualTo(28);
        assertThat(plan.target().count("c")).isEqualTo(28);
    }

    @Test
    void aCapacityInThePolicyTakesThePlaceOfTheNodesOwn() {
        RebalancePlan plan = balance(Assignment.unassigned(), Policy.DEFAULT.withCapacity("a", 300), "a", "b");

        assertThat(plan.target().count("a")).isEqualTo(192);
    }

    @Test
    void withoutAnEligibleNodeEverythingStaysAndThePlanNamesWhatOughtToMove() {
        Assignment current = balanced("a", "b");
        Policy policy = Policy.DEFAULT.cordon("b");

        for (RebalanceMode mode : RebalanceMode.values()) {
            RebalancePlan plan = Rebalancer.plan(current, nodes("b"), policy, mode);

            assertThat(plan.isEmpty()).isTrue();
            assertThat(plan.unplaced()).isEqualTo(current.bucketsOf("a"));
            assertThat(plan.describe()).contains("NO NODE MAY TAKE 128 buckets");
        }
    }

    @Test
    void withoutAnyNodeNothingHappens() {
        for (RebalanceMode mode : RebalanceMode.values()) {
            RebalancePlan plan = Rebalancer.plan(Assignment.unassigned(), List.of(), Policy.DEFAULT, mode);

            assertThat(plan.isEmpty()).isTrue();
            assertThat(plan.unplaced()).isEqualTo(BucketSet.ALL);
            assertThat(plan.spread()).isZero();
            assertThat(plan.relativeLoadLowerBound()).isZero();
        }
    }

    @Test
    void bucketsOnADrainingNodeStayThereIfNoOtherCanTakeThem() {
        Assignment current = balanced("a");

        RebalancePlan plan =
                Rebalancer.planByLoad(current, nodes("a"), Policy.DEFAULT.drain("a"), BucketLoads.uniform(), 10);

        assertThat(plan.isEmpty()).isTrue();
        assertThat(plan.unplaced()).isEqualTo(BucketSet.ALL);
    }

    @Test
    void theOrderInWhichNodesComeDoesNotMatter() {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<NodeCapacity> nodes = randomNodes(random, 1 + random.nextInt(40));
            Assignment current = randomTable(random, nodes, 5);
            Policy policy = randomPolicy(random, nodes);
            BucketLoads loads = randomLoads(random);
            List<NodeCapacity> shuffled = new ArrayList<>(nodes);
            Collections.shuffle(shuffled, new Random(seed));

            for (RebalanceMode mode : RebalanceMode.values()) {
                assertThat(Rebalancer.plan(current, shuffled, policy, mode).target())
                        .as("seed %d", seed)
                        .isEqualTo(Rebalancer.plan(current, nodes, policy, mode).target());
            }
            assertThat(Rebalancer.planByLoad(current, shuffled, policy, loads, 30)
                            .target())
                    .as("seed %d", seed)
                    .isEqualTo(Rebalancer.planByLoad(current, nodes, policy, loads, 30)
                            .target());
        }
    }

    @Test
    void balanceMovesTheClosedFormMinimumInLargeClusters() {
        for (int seed = 0; seed < 600; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<NodeCapacity> nodes = randomNodes(random, 1 + random.nextInt(300));
            Assignment current = randomTable(random, nodes, random.nextInt(20));

            RebalancePlan plan = Rebalancer.plan(current, nodes, Policy.DEFAULT, RebalanceMode.BALANCE);

            long capacity = nodes.stream().mapToLong(NodeCapacity::capacity).sum();
            for (NodeCapacity node : nodes) {
                long deviation = (long) plan.target().count(node.nodeId()) * capacity - 256L * node.capacity();
                assertThat(Math.abs(deviation)).as("seed %d, %s", seed, node).isLessThan(capacity);
            }
            assertThat(plan.total()).as("seed %d", seed).isEqualTo(closedFormMinimum(current, nodes, capacity));
            assertThat(plan.lowerBound()).as("seed %d", seed).isEqualTo(plan.total());
        }
    }

    /** All buckets, less those within the floors, less one for each spare bucket that can go to a node above its floor. */
    private static long closedFormMinimum(Assignment current, List<NodeCapacity> nodes, long capacity) {
        long withinFloor = 0;
        long floors = 0;
        long aboveFloor = 0;
        for (NodeCapacity node : nodes) {
            long floor = 256L * node.capacity() / capacity;
            boolean exact = 256L * node.capacity() % capacity == 0;
            int count = current.count(node.nodeId());
            floors += floor;
            withinFloor += Math.min(count, floor);
            aboveFloor += count > floor && !exact ? 1 : 0;
        }
        return 256 - withinFloor - Math.min(256 - floors, aboveFloor);
    }

    @Test
    void balancingTwiceMovesNothingTheSecondTime() {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<NodeCapacity> nodes = randomNodes(random, 1 + random.nextInt(60));
            Policy policy = randomPolicy(random, nodes);
            Assignment once = Rebalancer.plan(randomTable(random, nodes, 5), nodes, policy, RebalanceMode.BALANCE)
                    .target();

            RebalancePlan again = Rebalancer.plan(once, nodes, policy, RebalanceMode.BALANCE);

            assertThat(again.moves()).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void wavesReachTheTargetWithAsManyMovesAsOneGo() {
        for (int seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<NodeCapacity> nodes = randomNodes(random, 1 + random.nextInt(60));
            Policy policy = randomPolicy(random, nodes);
            Assignment table = randomTable(random, nodes, 5);
            int inOneGo =
                    Rebalancer.plan(table, nodes, policy, RebalanceMode.BALANCE).total();

            int moves = 0;
            for (int wave = 0; wave < Bucket.COUNT; wave++) {
                RebalancePlan plan = Rebalancer.plan(table, nodes, policy, RebalanceMode.BALANCE)
                        .limitedTo(7);
                assertThat(plan.total()).isLessThanOrEqualTo(7);
                moves += plan.total();
                table = plan.target();
            }

            assertThat(moves).as("seed %d", seed).isEqualTo(inOneGo);
        }
    }

    @Test
    void aLimitedPlanHasTheFirstMovesAndSaysHowManyAreLeft() {
        RebalancePlan whole = balance(balanced("a", "b"), Policy.DEFAULT, "b", "c");

        RebalancePlan limited = whole.limitedTo(10);

        assertThat(limited.moves()).isEqualTo(whole.moves().subList(0, 10));
        assertThat(limited.target()).isEqualTo(whole.current().next(limited.moves()));
        assertThat(limited.remaining()).isEqualTo(118);
        assertThat(whole.limitedTo(128)).isSameAs(whole);
        assertThat(whole.limitedTo(0).target()).isSameAs(whole.current());
        assertThatThrownBy(() -> whole.limitedTo(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("max_moves")
                .hasMessageContaining("-1");
    }

    @Test
    void aLimitNeverPartsMovesThatOnlyHelpTogether() {
        // Node a has 6 + 5 and node b 4 + 3: to move one of them would make b worse than a is, but swaps make 9 and 9.
        Map<Bucket, String> table = Map.of(Bucket.of(0), "a", Bucket.of(1), "a", Bucket.of(2), "b", Bucket.of(3), "b");
        Map<Bucket, Double> loads = Map.of(Bucket.of(0), 6.0, Bucket.of(1), 5.0, Bucket.of(2), 4.0, Bucket.of(3), 3.0);
        Map<Bucket, String> all = new HashMap<>(table);
        for (int b = 4; b < 256; b++) {
            all.put(Bucket.of(b), "b");
        }

        RebalancePlan plan =
                Rebalancer.planByLoad(Assignment.of(1, all), nodes("a", "b"), Policy.DEFAULT, BucketLoads.of(loads), 2);

        assertThat(plan.total()).isEqualTo(2);
        assertThat(plan.relativeLoadAfter()).isEqualTo(0.09);
        assertThat(plan.limitedTo(1).isEmpty()).isTrue();
    }

    @Test
    void moreForcedMovesThanTheBudgetLeaveNothingForOthers() {
        Assignment current = balanced("a", "b", "c");

        RebalancePlan plan =
                Rebalancer.planByLoad(current, nodes("b", "c", "d"), Policy.DEFAULT, BucketLoads.uniform(), 20);

        assertThat(plan.moves()).hasSize(86).allMatch(move -> move.reason() == MoveReason.OWNER_LOST);
        assertThat(plan.lowerBound()).isEqualTo(86);
    }

    @Test
    void loadIsSpreadByCapacity() {
        List<NodeCapacity> nodes = List.of(new NodeCapacity("a", 100), new NodeCapacity("b", 300));

        RebalancePlan plan = Rebalancer.planByLoad(balanced("a"), nodes, Policy.DEFAULT, BucketLoads.uniform(), 256);

        assertThat(plan.target().count("b")).isEqualTo(192);
        assertThat(plan.relativeLoadBefore()).isEqualTo(2.56);
        assertThat(plan.relativeLoadAfter()).isEqualTo(0.64);
        assertThat(plan.relativeLoadLowerBound()).isCloseTo(0.64, Offset.offset(1e-12));
    }

    @Test
    void aNodeNamedTwiceIsRefused() {
        assertThatThrownBy(() -> keep(Assignment.unassigned(), Policy.DEFAULT, "a", "b", "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nodes must name each node once, but name a twice");
    }

    @Test
    void aNegativeMoveBudgetIsRefused() {
        assertThatThrownBy(() -> Rebalancer.planByLoad(
                        Assignment.unassigned(), nodes("a"), Policy.DEFAULT, BucketLoads.uniform(), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("move_budget must be 0 or more, but is -1");
    }

    @Test
    void thePlanIsPrintedForAnOperator() {
        Assignment current = Assignment.of(7, Map.of(Bucket.of(0), "dtable-server-1", Bucket.of(1), "gone"));
        Policy pinned =
                Policy.DEFAULT.pin(Bucket.of(1), "s2").cordon("dtable-server-1").cordon("s2");

        RebalancePlan plan = keep(current, pinned, "dtable-server-1", "s2");

        assertThat(plan.describe()).isEqualTo("""
                        1 move (lower bound 1), version 7 -> 8
                        highest load by capacity 0.01000 -> 0.01000 (lower bound 0.01000), largest distance from quota 0.00
                        NO NODE MAY TAKE 254 buckets that ought to move: [02..ff]

                        NODE             STATE     CAPACITY  BEFORE  AFTER  CHANGE  QUOTA   LOAD
                        dtable-server-1  cordoned       100       1      1           1.00  1.000
                        gone             gone             0       1      0      -1   0.00  0.000
                        s2               cordoned       100       0      1      +1   1.00  1.000
                        (none)                                  254    254

                        BUCKET  FROM  TO  REASON
                        01      gone  s2  owner_lost
                        """);
        assertThat(plan).hasToString("RebalancePlan[1 moves, lower bound 1, version 7 -> 8]");
    }

    private static List<NodeCapacity> randomNodes(SplittableRandom random, int count) {
        boolean alike = random.nextBoolean();
        List<NodeCapacity> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(new NodeCapacity("dtable-server-" + i, alike ? 100 : 1 + random.nextInt(1_000_000)));
        }
        return nodes;
    }

    /** Some buckets are unassigned, some on nodes that are gone. */
    private static Assignment randomTable(SplittableRandom random, List<NodeCapacity> nodes, int strayPercent) {
        Map<Bucket, String> owners = new HashMap<>();
        for (int b = 0; b < Bucket.COUNT; b++) {
            if (random.nextInt(100) >= strayPercent) {
                owners.put(Bucket.of(b), nodes.get(random.nextInt(nodes.size())).nodeId());
            } else if (random.nextBoolean()) {
                owners.put(Bucket.of(b), "gone-" + random.nextInt(5));
            }
        }
        return Assignment.of(1, owners);
    }

    private static Policy randomPolicy(SplittableRandom random, List<NodeCapacity> nodes) {
        Policy policy = Policy.DEFAULT;
        for (NodeCapacity node : nodes) {
            switch (random.nextInt(12)) {
                case 0 -> policy = policy.cordon(node.nodeId());
                case 1 -> policy = policy.drain(node.nodeId());
                case 2 -> policy = policy.withCapacity(node.nodeId(), 1 + random.nextInt(1000));
                default -> {}
            }
        }
        for (int pins = random.nextInt(40); pins > 0; pins--) {
            policy = policy.pin(
                    Bucket.of(random.nextInt(256)),
                    nodes.get(random.nextInt(nodes.size())).nodeId());
        }
        return policy;
    }

    private static BucketLoads randomLoads(SplittableRandom random) {
        double[] loads = new double[Bucket.COUNT];
        for (int b = 0; b < loads.length; b++) {
            loads[b] = -Math.log(1 - random.nextDouble());
        }
        return BucketLoads.of(loads);
    }
}
