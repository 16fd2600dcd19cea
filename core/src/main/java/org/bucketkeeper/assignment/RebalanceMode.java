package org.bucketkeeper.assignment;

/** Chooses what a plan by bucket count aims for. */
public enum RebalanceMode {
    /** Move only what has to move: buckets without a live owner, on draining nodes, or pinned elsewhere. */
    KEEP,
    /** Bring every node to its fair share, with as few moves as that can take. */
    BALANCE
}
