package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.SortedMap;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.BucketOverview;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.monitor.NodeOverview;
import org.jspecify.annotations.Nullable;

/** Says for scripts how a cluster stands. */
final class StatusJson {

    private StatusJson() {}

    static ObjectNode of(ClusterOverview overview, SortedMap<String, Duration> leases) {
        ObjectNode json = CtlJson.object()
                .put("prefix", overview.prefix())
                .put("revision", overview.revision())
                .put("leader", overview.leader())
                .put("problem", overview.problem());
        json.putObject("assignment")
                .put("version", overview.assignment().version())
                .put("revision", overview.assignment().revision());
        json.set("policy", policy(overview));
        ArrayNode nodes = json.putArray("nodes");
        for (NodeOverview node : overview.nodes()) {
            nodes.add(node(node, leases.get(node.nodeId())));
        }
        ArrayNode buckets = json.putArray("buckets");
        for (BucketOverview bucket : overview.buckets()) {
            buckets.addObject()
                    .put("bucket", bucket.bucket().toString())
                    .put("assigned_to", bucket.assignedTo())
                    .put("held_by", bucket.heldBy())
                    .put("fencing_token", bucket.fencingToken())
                    .put("changing_hands", bucket.isChangingHands());
        }
        return json;
    }

    private static ObjectNode policy(ClusterOverview overview) {
        ObjectNode json = CtlJson.object();
        ArrayNode cordoned = json.putArray("cordoned");
        overview.policy().cordoned().forEach(cordoned::add);
        ArrayNode draining = json.putArray("draining");
        overview.policy().draining().forEach(draining::add);
        ObjectNode pins = json.putObject("pins");
        overview.policy().pins().forEach((bucket, nodeId) -> pins.put(bucket.toString(), nodeId));
        return json.put("auto_rebalance", StatusText.isAutomatic(overview.policy()));
    }

    private static ObjectNode node(NodeOverview node, @Nullable Duration leaseLeft) {
        NodeInfo info = node.info();
        return CtlJson.object()
                .put("node_id", node.nodeId())
                .put("condition", CtlJson.name(node.condition()))
                .put("capacity", node.capacity())
                .put("assigned", node.assigned())
                .put("held", node.held())
                .put("node_url", info == null ? null : info.nodeUrl().toString())
                .put("local_node_url", info == null ? null : info.localNodeUrl().toString())
                .put("lease_left_s", leaseLeft == null ? null : leaseLeft.toSeconds());
    }
}
