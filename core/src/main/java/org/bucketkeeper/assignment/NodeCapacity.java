package org.bucketkeeper.assignment;

import org.bucketkeeper.membership.NodeInfo;

/**
 * Names a live node and how large a share of the buckets it can take, which is all that planning needs to know of it.
 *
 * @param nodeId the node; 1 to 128 letters, digits, dots, dashes or underscores
 * @param capacity its share relative to other nodes; 1 to 1,000,000
 */
public record NodeCapacity(String nodeId, int capacity) {

    static final int MAX_CAPACITY = NodeInfo.MAX_CAPACITY;

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if one is outside its range; the message names the field, the value and what
     *     was expected
     */
    public NodeCapacity {
        NodeIds.require("node_id", nodeId);
        requireCapacity("capacity", capacity);
    }

    static int requireCapacity(String field, int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(field + " must be 1 to " + MAX_CAPACITY + ", but is " + capacity);
        }
        return capacity;
    }
}
