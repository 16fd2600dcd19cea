package org.bucketkeeper.assignment;

/**
 * Shows what a plan does to one node, for operators and status pages.
 *
 * @param nodeId the node
 * @param state what the plan may do with it
 * @param capacity its share relative to other nodes, after the policy's override; 0 if it is gone
 * @param bucketsBefore its buckets in the current table
 * @param bucketsAfter its buckets in the plan's table
 * @param quota its exact share of the buckets by capacity; for nodes that take no share, and for those whose pins
 *     exceed it, what they have to hold
 * @param loadBefore the load of its buckets in the current table; in a plan by count every bucket has load 1
 * @param loadAfter the load of its buckets in the plan's table
 */
public record NodeShare(
        String nodeId,
        NodeState state,
        int capacity,
        int bucketsBefore,
        int bucketsAfter,
        double quota,
        double loadBefore,
        double loadAfter) {}
