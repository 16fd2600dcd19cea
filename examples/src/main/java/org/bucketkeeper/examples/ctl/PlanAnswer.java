package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.bucketkeeper.assignment.NodeShare;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.assignment.RebalancePlan;

/** Says what a plan holds. */
final class PlanAnswer {

    private PlanAnswer() {}

    static Answer of(RebalanceMode mode, RebalancePlan plan) {
        ObjectNode json = CtlJson.object()
                .put("mode", CtlJson.name(mode))
                .put("total", plan.total())
                .put("lower_bound", plan.lowerBound())
                .put("version", plan.current().version())
                .put("revision", plan.current().revision());
        json.set("moves", CtlJson.moves(plan.moves()));
        ArrayNode nodes = json.putArray("nodes");
        for (NodeShare node : plan.nodes()) {
            nodes.addObject()
                    .put("node_id", node.nodeId())
                    .put("state", CtlJson.name(node.state()))
                    .put("capacity", node.capacity())
                    .put("before", node.bucketsBefore())
                    .put("after", node.bucketsAfter())
                    .put("quota", node.quota());
        }
        json.set("unplaced", CtlJson.buckets(plan.unplaced()));
        return Answer.done(plan.describe().stripTrailing(), json);
    }
}
