package org.bucketkeeper.monitor;

import java.util.List;
import org.bucketkeeper.assignment.Move;

/**
 * What became of a rebalance that an operator asked for.
 *
 * @param total how many buckets were moved; 0 if the load was even already
 * @param lowerBound the least number of moves that could have reached the goal
 * @param revision the revision of the store at which it was done
 * @param moves the moves; empty if the table had been replaced again when this process heard of it
 */
public record RebalanceOutcome(int total, int lowerBound, long revision, List<Move> moves) {

    /** Makes the list unmodifiable. */
    public RebalanceOutcome {
        moves = List.copyOf(moves);
    }
}
