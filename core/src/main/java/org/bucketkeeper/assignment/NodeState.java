package org.bucketkeeper.assignment;

/** Says what a plan may do with a node. */
public enum NodeState {
    /** Live; may get buckets and give them away. */
    ELIGIBLE,
    /** Live; keeps its buckets and gets none that is not pinned to it. */
    CORDONED,
    /** Live; gives every bucket away and gets none. */
    DRAINING,
    /** Not live, but the table still names it. */
    GONE
}
