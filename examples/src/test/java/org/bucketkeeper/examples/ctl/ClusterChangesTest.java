package org.bucketkeeper.examples.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.Move;
import org.bucketkeeper.assignment.MoveReason;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.BucketOverview;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.monitor.NodeCondition;
import org.bucketkeeper.monitor.NodeOverview;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterChangesTest {

    private static final Bucket B3F = Bucket.parse("3f");
    private static final Bucket B40 = Bucket.parse("40");
    private static final Assignment ALL_ON_A = Assignment.of(1, Map.of(B3F, "a", B40, "a"));

    @Test
    void findsNothingBetweenEqualStates() {
        ClusterOverview overview = overview("m", ALL_ON_A, Policy.DEFAULT, Map.of(B3F, "a"), node("a"));

        assertThat(ClusterChanges.between(overview, overview)).isEmpty();
    }

    @Test
    void tellsBucketsThatMoveTheSameWayTogether() {
        Assignment next = ALL_ON_A.next(
                List.of(new Move(B3F, "a", "b", MoveReason.DRAIN), new Move(B40, "a", "b", MoveReason.DRAIN)));

        assertThat(texts(
                        overview("m", ALL_ON_A, Policy.DEFAULT, Map.of(), node("a"), node("b")),
                        overview("m", next, Policy.DEFAULT, Map.of(), node("a"), node("b"))))
                .containsExactly("hand_over_begun: a -> b (drain): 2 buckets [3f..40]");
    }

    @Test
    void namesOnlyTheFirstOfManyBuckets() {
        BucketSet everySecond = BucketSet.EMPTY;
        for (int i = 0; i < Bucket.COUNT; i += 2) {
            everySecond = everySecond.with(Bucket.of(i));
        }

        assertThat(Text.buckets(everySecond))
                .isEqualTo("128 buckets [00, 02, 04, 06, 08, 0a, 0c, 0e, 10, 12, 14, 16, ...]");
    }

    @Test
    void tellsAHandOverStepByStep() {
        Assignment next = ALL_ON_A.next(List.of(new Move(B3F, "a", "b", MoveReason.PIN)));
        ClusterOverview held = overview("m", next, Policy.DEFAULT, Map.of(B3F, "a"));
        ClusterOverview free = overview("m", next, Policy.DEFAULT, Map.of());
        ClusterOverview taken = overview("m", next, Policy.DEFAULT, Map.of(B3F, "b"));

        assertThat(texts(held, free)).containsExactly("released: by a: 1 bucket [3f]");
        assertThat(texts(free, taken)).containsExactly("hand_over_done: -> b: 1 bucket [3f]");
        assertThat(texts(held, taken)).containsExactly("hand_over_done: a -> b: 1 bucket [3f]");
    }

    @Test
    void tellsNodesThatComeAndGo() {
        ClusterOverview before = overview("m", ALL_ON_A, Policy.DEFAULT, Map.of(), node("a"), node("b"));
        ClusterOverview after =
                overview("m", ALL_ON_A, Policy.DEFAULT, Map.of(), node("b", NodeCondition.CORDONED), node("c"));

        assertThat(texts(before, after))
                .containsExactly("node_changed: b is cordoned", "node_came: c is live", "node_gone: a");
    }

    @Test
    void tellsWhoLeadsAndWhatIsPinned() {
        ClusterOverview before = overview("m", ALL_ON_A, Policy.DEFAULT.pin(B40, "a"), Map.of());
        ClusterOverview after = overview(null, ALL_ON_A, Policy.DEFAULT.pin(B3F, "a"), Map.of());

        assertThat(texts(before, after))
                .containsExactly("leader_changed: no monitor leads", "pinned: 3f to a", "unpinned: 40 from a");
    }

    private static List<String> texts(ClusterOverview before, ClusterOverview after) {
        return ClusterChanges.between(before, after).stream()
                .map(change -> change.name() + ": " + change.text())
                .toList();
    }

    private static NodeOverview node(String nodeId) {
        return node(nodeId, NodeCondition.LIVE);
    }

    private static NodeOverview node(String nodeId, NodeCondition condition) {
        NodeInfo info = NodeInfo.of(nodeId, "http://" + nodeId + "/", "http://" + nodeId + "/");
        return new NodeOverview(nodeId, info, condition, 100, 0, 0);
    }

    private static ClusterOverview overview(
            @Nullable String leader,
            Assignment assignment,
            Policy policy,
            Map<Bucket, String> holders,
            NodeOverview... nodes) {
        Map<String, Long> tokens = new TreeMap<>(Map.of("a", 1L, "b", 2L));
        List<BucketOverview> buckets = new ArrayList<>();
        for (int i = 0; i < Bucket.COUNT; i++) {
            Bucket bucket = Bucket.of(i);
            String holder = holders.get(bucket);
            long token = holder == null ? 0 : tokens.getOrDefault(holder, 3L);
            buckets.add(new BucketOverview(bucket, assignment.nodeOf(bucket), holder, token));
        }
        return new ClusterOverview("/p/", 1, leader, assignment, policy, List.of(nodes), buckets, null);
    }
}
