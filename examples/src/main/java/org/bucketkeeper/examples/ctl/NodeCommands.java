package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.BiFunction;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.monitor.ClusterOverview;

/** What the commands that spare a node, or no longer do, have in common. */
final class NodeCommands {

    private NodeCommands() {}

    /** Changes a wish about a node that is there. */
    static PolicyChange wish(CtlCluster cluster, String nodeId, BiFunction<Policy, String, Policy> change)
            throws InterruptedException {
        cluster.requireNode(cluster.overview(), nodeId);
        return PolicyChange.make(cluster, policy -> change.apply(policy, nodeId));
    }

    /** Takes back a wish, which may be about a node that has gone. */
    static PolicyChange takeBack(CtlCluster cluster, String nodeId, BiFunction<Policy, String, Policy> change)
            throws InterruptedException {
        ClusterOverview overview = cluster.overview();
        Policy policy = overview.policy();
        if (!policy.cordoned().contains(nodeId) && !policy.draining().contains(nodeId)) {
            cluster.requireNode(overview, nodeId);
        }
        return PolicyChange.make(cluster, standing -> change.apply(standing, nodeId));
    }

    static ObjectNode json(String nodeId, PolicyChange change) {
        return CtlJson.object()
                .put("node_id", nodeId)
                .put("cordoned", change.after().cordoned().contains(nodeId))
                .put("draining", change.after().draining().contains(nodeId))
                .put("changed", change.happened());
    }
}
