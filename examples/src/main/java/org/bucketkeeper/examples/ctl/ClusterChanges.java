package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bucketkeeper.assignment.Move;
import org.bucketkeeper.assignment.MoveReason;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.monitor.BucketOverview;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.monitor.NodeCondition;
import org.bucketkeeper.monitor.NodeOverview;
import org.jspecify.annotations.Nullable;

/** Finds what changed from one state of a cluster to a later one; buckets that did the same are told together. */
final class ClusterChanges {

    private final ClusterOverview before;
    private final ClusterOverview after;
    private final List<ClusterChange> changes = new ArrayList<>();

    private ClusterChanges(ClusterOverview before, ClusterOverview after) {
        this.before = before;
        this.after = after;
    }

    /** Returns what changed, in an order that reads as it happens: who leads, nodes, wishes, table, claims. */
    static List<ClusterChange> between(ClusterOverview before, ClusterOverview after) {
        ClusterChanges found = new ClusterChanges(before, after);
        found.findLeader();
        found.findNodes();
        found.findPins();
        found.findMoves();
        found.findClaims();
        found.findProblem();
        return found.changes;
    }

    private void findLeader() {
        String leader = after.leader();
        if (!Objects.equals(before.leader(), leader)) {
            String text = leader == null ? "no monitor leads" : leader + " leads";
            add("leader_changed", text, CtlJson.object().put("leader", leader).put("before", before.leader()));
        }
    }

    private void findNodes() {
        for (NodeOverview node : after.nodes()) {
            NodeOverview was = before.node(node.nodeId());
            NodeCondition condition = was == null ? NodeCondition.GONE : was.condition();
            if (condition != node.condition()) {
                addNode(node.nodeId(), condition, node.condition());
            }
        }
        for (NodeOverview node : before.nodes()) {
            if (after.node(node.nodeId()) == null && node.condition() != NodeCondition.GONE) {
                addNode(node.nodeId(), node.condition(), NodeCondition.GONE);
            }
        }
    }

    private void addNode(String nodeId, NodeCondition from, NodeCondition to) {
        String name =
                to == NodeCondition.GONE ? "node_gone" : from == NodeCondition.GONE ? "node_came" : "node_changed";
        String text = nodeId + (to == NodeCondition.GONE ? "" : " is " + CtlJson.name(to));
        add(name, text, CtlJson.object().put("node_id", nodeId).put("condition", CtlJson.name(to)));
    }

    private void findPins() {
        Map<Bucket, String> pinned = after.policy().pins();
        pinned.forEach((bucket, nodeId) -> {
            if (!nodeId.equals(before.policy().pins().get(bucket))) {
                add(
                        "pinned",
                        bucket + " to " + nodeId,
                        CtlJson.object().put("bucket", bucket.toString()).put("node_id", nodeId));
            }
        });
        before.policy().pins().forEach((bucket, nodeId) -> {
            if (!pinned.containsKey(bucket)) {
                add(
                        "unpinned",
                        bucket + " from " + nodeId,
                        CtlJson.object().put("bucket", bucket.toString()).put("node_id", nodeId));
            }
        });
    }

    /** A way that buckets went, and why. */
    private record Way(@Nullable String from, @Nullable String to, MoveReason reason) {}

    private void findMoves() {
        Map<Bucket, MoveReason> reasons = new LinkedHashMap<>();
        for (Move move : after.assignment().moves()) {
            reasons.put(move.bucket(), move.reason());
        }
        Map<Way, BucketSet> moved = new LinkedHashMap<>();
        for (Bucket bucket : after.assignment().differenceTo(before.assignment())) {
            Way way = new Way(
                    before.assignment().nodeOf(bucket),
                    after.assignment().nodeOf(bucket),
                    reasons.getOrDefault(bucket, MoveReason.OTHER));
            moved.merge(way, BucketSet.of(bucket), BucketSet::union);
        }
        moved.forEach((way, buckets) -> {
            String name = way.from() == null ? "assigned" : "hand_over_begun";
            String text =
                    (way.from() == null ? "" : way.from() + " ") + "-> " + (way.to() == null ? "nobody" : way.to())
                            + " (" + CtlJson.name(way.reason()).replace('_', ' ') + "): " + Text.buckets(buckets);
            ObjectNode details = CtlJson.object()
                    .put("from", way.from())
                    .put("to", way.to())
                    .put("reason", CtlJson.name(way.reason()))
                    .put("version", after.assignment().version());
            details.set("buckets", CtlJson.buckets(buckets));
            add(name, text, details);
        });
    }

    /** Who let buckets go to whom. */
    private record Claims(@Nullable String before, @Nullable String after) {}

    private void findClaims() {
        Map<Claims, BucketSet> changed = new LinkedHashMap<>();
        for (BucketOverview now : after.buckets()) {
            BucketOverview was = before.buckets().get(now.bucket().index());
            if (was.fencingToken() != now.fencingToken()) {
                changed.merge(new Claims(was.heldBy(), now.heldBy()), BucketSet.of(now.bucket()), BucketSet::union);
            }
        }
        changed.forEach(this::addClaims);
    }

    private void addClaims(Claims claims, BucketSet buckets) {
        ObjectNode details = CtlJson.object().put("from", claims.before()).put("to", claims.after());
        details.set("buckets", CtlJson.buckets(buckets));
        if (claims.after() == null) {
            add("released", "by " + claims.before() + ": " + Text.buckets(buckets), details);
            return;
        }
        ObjectNode tokens = details.putObject("fencing_tokens");
        for (Bucket bucket : buckets) {
            tokens.put(bucket.toString(), after.buckets().get(bucket.index()).fencingToken());
        }
        String from = claims.before() == null || claims.before().equals(claims.after()) ? "" : claims.before() + " ";
        add("hand_over_done", from + "-> " + claims.after() + ": " + Text.buckets(buckets), details);
    }

    private void findProblem() {
        String problem = after.problem();
        if (problem != null && !problem.equals(before.problem())) {
            add("problem", problem, CtlJson.object().put("problem", problem));
        }
    }

    private void add(String name, String text, ObjectNode details) {
        changes.add(new ClusterChange(name, text, details));
    }
}
