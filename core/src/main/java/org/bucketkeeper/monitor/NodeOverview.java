package org.bucketkeeper.monitor;

import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/**
 * How one node stands in its cluster.
 *
 * @param nodeId the node
 * @param info what the node told of itself; null if it is gone
 * @param condition how it stands
 * @param capacity its share relative to other nodes, after the policy's override; 0 if it is gone
 * @param assigned how many buckets the assignment gives it, 0 to 256
 * @param held how many buckets it has claimed, 0 to 256
 */
public record NodeOverview(
        String nodeId, @Nullable NodeInfo info, NodeCondition condition, int capacity, int assigned, int held) {}
