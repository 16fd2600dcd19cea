package org.bucketkeeper.monitor;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.membership.LiveNode;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as it stands at one revision.
 *
 * @param revision the revision that this state shows
 * @param nodes the live nodes, ordered by name
 * @param assignment the table in force; with revision 0 if there is none yet
 * @param policy what the operators want, as it stands in the store
 * @param leaving the live nodes that leave in an orderly way and want their buckets moved first
 * @param requests what operators asked for and nobody has answered yet, oldest first
 * @param problem what cannot be read, in which case nothing may be planned; null if all is well
 */
record ClusterState(
        long revision,
        List<LiveNode> nodes,
        Assignment assignment,
        Policy policy,
        Set<String> leaving,
        List<OperatorRequest> requests,
        @Nullable String problem) {

    ClusterState {
        nodes = List.copyOf(nodes);
        leaving = Set.copyOf(leaving);
        requests = List.copyOf(requests);
    }

    /** Returns what to plan by: a node that leaves is drained for as long as it is there. */
    Policy effectivePolicy() {
        Policy effective = policy;
        for (String nodeId : leaving) {
            effective = effective.drain(nodeId);
        }
        return effective;
    }

    Set<String> liveNodeIds() {
        Set<String> ids = new HashSet<>();
        for (LiveNode node : nodes) {
            ids.add(node.nodeId());
        }
        return ids;
    }

    Set<String> missingOwners() {
        Set<String> missing = new HashSet<>(assignment.nodes());
        missing.removeAll(liveNodeIds());
        return missing;
    }
}
