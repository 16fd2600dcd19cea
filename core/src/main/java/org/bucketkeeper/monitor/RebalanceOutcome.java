package org.bucketkeeper.monitor;

/**
 * What became of a rebalance that an operator asked for.
 *
 * @param moves how many buckets were moved; 0 if the load was even already
 * @param lowerBound the least number of moves that could have reached the goal
 */
public record RebalanceOutcome(int moves, int lowerBound) {}
