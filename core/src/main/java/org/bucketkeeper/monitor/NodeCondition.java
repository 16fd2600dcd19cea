package org.bucketkeeper.monitor;

/** How a node stands in its cluster, for status pages. */
public enum NodeCondition {
    /** Registered; may get buckets. */
    LIVE,
    /** Registered; keeps its buckets and gets no more, as an operator wants. */
    CORDONED,
    /** Registered; gives its buckets away, as an operator wants. */
    DRAINING,
    /** Registered; gives its buckets away, because it is about to end. */
    LEAVING,
    /** Not registered, but the assignment or a claim still names it. */
    GONE
}
