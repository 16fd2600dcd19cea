package org.bucketkeeper.examples.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bucketkeeper.assignment.Move;
import org.bucketkeeper.assignment.NodeShare;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.monitor.BucketOverview;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.monitor.NodeCondition;
import org.bucketkeeper.monitor.NodeOverview;
import org.bucketkeeper.monitor.PastTenure;
import org.bucketkeeper.monitor.RebalanceOutcome;
import org.bucketkeeper.routing.RouterStatus;
import org.bucketkeeper.routing.StoreHealth;
import org.jspecify.annotations.Nullable;

/** Says in JSON how the cluster stands. */
final class AdminJson {

    private AdminJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode store(RouterStatus status) {
        return object().put("connected", status.health() == StoreHealth.CONNECTED)
                .put("age_ms", status.tableAge().toMillis());
    }

    static ArrayNode nodes(ClusterOverview overview, LeaseTimes leases) {
        int capacity = overview.nodes().stream()
                .filter(AdminJson::takesAShare)
                .mapToInt(NodeOverview::capacity)
                .sum();
        int kept = overview.nodes().stream()
                .filter(node -> node.condition() == NodeCondition.CORDONED)
                .mapToInt(NodeOverview::assigned)
                .sum();
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        for (NodeOverview node : overview.nodes()) {
            Duration left = leases.left(node.nodeId());
            Duration whole = leases.whole(node.nodeId());
            double share = takesAShare(node) ? (double) (Bucket.COUNT - kept) * node.capacity() / capacity : 0;
            ObjectNode json = nodes.addObject().put("node_id", node.nodeId());
            json.put(
                    "node_url",
                    node.info() == null ? null : node.info().nodeUrl().toString());
            json.put(
                    "local_node_url",
                    node.info() == null ? null : node.info().localNodeUrl().toString());
            json.put("condition", node.condition().name().toLowerCase(Locale.ROOT))
                    .put("capacity", node.capacity())
                    .put("fair_share", Math.round(share * 10) / 10.0)
                    .put("assigned", node.assigned())
                    .put("held", node.held())
                    .put("lease_ms_left", left == null ? null : left.toMillis())
                    .put("lease_ms", whole == null ? null : whole.toMillis());
        }
        return nodes;
    }

    /** A node that is cordoned keeps what it has, and gets no more. */
    private static boolean takesAShare(NodeOverview node) {
        return node.condition() == NodeCondition.LIVE;
    }

    /** The whole of it, as the status page shows it. */
    static ObjectNode state(
            ClusterOverview overview,
            RouterStatus status,
            LeaseTimes leases,
            List<RecentMoves.Seen> moves,
            boolean tokenConfigured,
            Instant now) {
        ObjectNode json = object().put("cluster", overview.prefix());
        json.set("store", store(status));
        json.put("leader", overview.leader()).put("revision", overview.revision());
        json.putObject("assignment")
                .put("revision", overview.assignment().revision())
                .put("version", overview.assignment().version());
        json.put("problem", overview.problem());
        json.set("nodes", nodes(overview, leases));
        Map<String, Integer> numbers = new HashMap<>();
        for (NodeOverview node : overview.nodes()) {
            numbers.put(node.nodeId(), numbers.size());
        }
        ArrayNode buckets = json.putArray("buckets");
        for (BucketOverview bucket : overview.buckets()) {
            buckets.addArray().add(number(numbers, bucket.assignedTo())).add(number(numbers, bucket.heldBy()));
        }
        ArrayNode recent = json.putArray("moves");
        for (RecentMoves.Seen seen : moves) {
            ObjectNode move = move(recent.addObject(), seen.move()).put("version", seen.version());
            move.put("at", seen.at() == null ? null : seen.at().toString());
        }
        return json.put("token_configured", tokenConfigured).put("now", now.toString());
    }

    private static int number(Map<String, Integer> numbers, @Nullable String node) {
        return node == null ? -1 : numbers.getOrDefault(node, -1);
    }

    static ObjectNode assignment(ClusterOverview overview) {
        ObjectNode json = object().put("revision", overview.assignment().revision())
                .put("version", overview.assignment().version());
        ObjectNode buckets = json.putObject("buckets");
        for (BucketOverview bucket : overview.buckets()) {
            buckets.putObject(bucket.bucket().toString())
                    .put("assigned_to", bucket.assignedTo())
                    .put("held_by", bucket.heldBy())
                    .put("fencing_token", bucket.fencingToken());
        }
        return json;
    }

    static ObjectNode plan(RebalancePlan plan) {
        ObjectNode json = object().put("dry_run", true)
                .put("total", plan.total())
                .put("lower_bound", plan.lowerBound())
                .put("revision", plan.current().revision());
        json.set("moves", moves(plan.moves()));
        ArrayNode nodes = json.putArray("nodes");
        for (NodeShare node : plan.nodes()) {
            nodes.addObject()
                    .put("node_id", node.nodeId())
                    .put("before", node.bucketsBefore())
                    .put("after", node.bucketsAfter());
        }
        return json;
    }

    static ObjectNode outcome(RebalanceOutcome outcome) {
        ObjectNode json = object().put("total", outcome.total())
                .put("lower_bound", outcome.lowerBound())
                .put("revision", outcome.revision());
        json.set("moves", moves(outcome.moves()));
        return json;
    }

    static ObjectNode history(List<PastTenure> tenures) {
        ObjectNode json = object();
        ArrayNode array = json.putArray("tenures");
        for (PastTenure tenure : tenures) {
            array.addObject()
                    .put("node_id", tenure.nodeId())
                    .put("incarnation", tenure.incarnation())
                    .put("fencing_token", tenure.fencingToken())
                    .put("since", tenure.since().toString())
                    .put("until", tenure.until() == null ? null : tenure.until().toString());
        }
        return json;
    }

    private static ArrayNode moves(List<Move> moves) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        moves.forEach(move -> move(array.addObject(), move));
        return array;
    }

    private static ObjectNode move(ObjectNode json, Move move) {
        return json.put("bucket", move.bucket().toString())
                .put("from", move.from())
                .put("to", move.to())
                .put("reason", move.reason().name().toLowerCase(Locale.ROOT));
    }
}
