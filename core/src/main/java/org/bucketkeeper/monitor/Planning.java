package org.bucketkeeper.monitor;

import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.assignment.NodeCapacity;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.assignment.Rebalancer;
import org.bucketkeeper.membership.LiveNode;

/** Hands a state of the cluster to the {@link Rebalancer}. */
final class Planning {

    private Planning() {}

    static RebalancePlan plan(ClusterState state, RebalanceMode mode) {
        List<NodeCapacity> capacities = new ArrayList<>();
        for (LiveNode node : state.nodes()) {
            capacities.add(new NodeCapacity(node.nodeId(), node.info().capacity()));
        }
        return Rebalancer.plan(state.assignment(), capacities, state.effectivePolicy(), mode);
    }
}
