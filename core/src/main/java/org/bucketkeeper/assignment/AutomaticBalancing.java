package org.bucketkeeper.assignment;

/** Says whether the monitor balances by itself or waits to be asked. */
public enum AutomaticBalancing {
    /** Only buckets that have to move are moved; balancing waits for an operator. */
    OFF,
    /** The monitor also brings every node to its fair share, a few moves at a time. */
    ON
}
