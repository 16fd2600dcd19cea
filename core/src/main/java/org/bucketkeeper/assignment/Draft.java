package org.bucketkeeper.assignment;

/** What a planner decided, with nodes and buckets as plain indices. */
final class Draft {

    /** The node of each bucket; buckets that cannot be placed are where they were. */
    final int[] targets;
    /** The buckets that move, in the order in which they should; only the first {@link #moveCount} count. */
    final int[] order;

    final int moveCount;
    /** The fewest moves with which the goal can be reached. */
    final int lowerBound;
    /** Marks the moves, by position, before which a plan must not be cut. */
    final boolean[] joined;

    Draft(int[] targets, int[] order, int moveCount, int lowerBound, boolean[] joined) {
        this.targets = targets;
        this.order = order;
        this.moveCount = moveCount;
        this.lowerBound = lowerBound;
        this.joined = joined;
    }
}
