package org.bucketkeeper.monitor;

import java.util.List;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.Policy;
import org.jspecify.annotations.Nullable;

/**
 * The whole cluster as one process last heard of it, at one revision, for people and status pages.
 *
 * @param prefix the beginning of the cluster's keys
 * @param revision the revision of the store that it shows
 * @param leader the name of the leading monitor; null if none leads
 * @param assignment the table in force, with the moves that led to it; its revision is 0 if there is none yet
 * @param policy what the operators want
 * @param nodes every node that is registered, or that the table or a claim names, ordered by name
 * @param buckets who each bucket is assigned to and who holds it; 256, in order
 * @param problem what stands in the store and cannot be read, in which case the table and the policy are the last good
 *     ones; null if all is well
 */
public record ClusterOverview(
        String prefix,
        long revision,
        @Nullable String leader,
        Assignment assignment,
        Policy policy,
        List<NodeOverview> nodes,
        List<BucketOverview> buckets,
        @Nullable String problem) {

    /** Makes the lists unmodifiable. */
    public ClusterOverview {
        nodes = List.copyOf(nodes);
        buckets = List.copyOf(buckets);
    }

    /** Returns the node with that name; null if there is none. */
    public @Nullable NodeOverview node(String nodeId) {
        for (NodeOverview node : nodes) {
            if (node.nodeId().equals(nodeId)) {
                return node;
            }
        }
        return null;
    }
}
