package org.bucketkeeper.membership;

/**
 * A node whose registration stands in the store.
 *
 * @param info what the node tells about itself
 * @param incarnation names this run of the node; another one after every loss of its session
 * @param revision the revision at which it registered
 */
public record LiveNode(NodeInfo info, String incarnation, long revision) {

    /** Returns the node's name. */
    public String nodeId() {
        return info.nodeId();
    }
}
