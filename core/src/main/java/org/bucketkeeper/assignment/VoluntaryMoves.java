package org.bucketkeeper.assignment;

/**
 * Puts the moves that lead to a placement in an order in which each is an improvement by itself: the unevenness falls
 * and the highest load does not rise. Moves that help only together, such as a swap, are joined. Moves that turn out
 * to do no good are dropped.
 */
final class VoluntaryMoves {

    /** The buckets that move, the first {@link #count} of them. */
    final int[] buckets;
    /** Marks the moves that must not be parted from the one before. */
    final boolean[] joined;

    int count;

    private final LoadState goal;
    private final LoadState state;
    /** The buckets that are left to move, the heaviest first. */
    private final int[] pending;

    private int pendingCount;
    /** The highest relative load so far. */
    private double highest;

    private VoluntaryMoves(LoadState goal) {
        this.goal = goal;
        this.state = LoadState.settled(goal.problem);
        this.buckets = new int[goal.at.length];
        this.joined = new boolean[goal.at.length];
        this.pending = new int[goal.at.length];
    }

    static VoluntaryMoves inOrder(LoadState goal) {
        VoluntaryMoves moves = new VoluntaryMoves(goal);
        for (int b = 0; b < goal.at.length; b++) {
            int home = goal.problem.homes[b];
            if (home == LoadProblem.HOMELESS) {
                moves.state.place(b, goal.at[b]);
            } else if (home != goal.at[b]) {
                moves.pending[moves.pendingCount] = b;
                moves.pendingCount++;
            }
        }
        moves.highest = moves.state.highest();
        boolean progress = true;
        while (progress) {
            progress = moves.takeSingles() || moves.takePairs();
        }
        moves.takeRest();
        return moves;
    }

    private boolean takeSingles() {
        int before = pendingCount;
        int kept = 0;
        for (int p = 0; p < before; p++) {
            int b = pending[p];
            if (isImprovement(b)) {
                take(b, false);
            } else {
                pending[kept] = b;
                kept++;
            }
        }
        pendingCount = kept;
        return kept < before;
    }

    private boolean isImprovement(int bucket) {
        double load = goal.problem.loads[bucket];
        int to = goal.at[bucket];
        double after = (state.sums[to] + load) * goal.problem.inverse[to];
        return after <= highest && state.gain(load, state.at[bucket], to) > 0;
    }

    /** Looks among moves that meet on a node for two that are an improvement together. */
    private boolean takePairs() {
        for (int p = 0; p < pendingCount; p++) {
            for (int q = 0; q < pendingCount; q++) {
                if (p != q && goal.at[pending[p]] == state.at[pending[q]] && isImprovement(pending[p], pending[q])) {
                    take(pending[p], false);
                    take(pending[q], true);
                    removePending(Math.max(p, q));
                    removePending(Math.min(p, q));
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isImprovement(int one, int other) {
        int oneHome = state.at[one];
        int otherHome = state.at[other];
        double gain = state.gain(goal.problem.loads[one], oneHome, goal.at[one]);
        state.move(one, goal.at[one]);
        gain += state.gain(goal.problem.loads[other], otherHome, goal.at[other]);
        state.move(other, goal.at[other]);
        boolean better =
                gain > 0 && state.relative[goal.at[one]] <= highest && state.relative[goal.at[other]] <= highest;
        state.move(other, otherHome);
        state.move(one, oneHome);
        return better;
    }

    /** Takes what is left as one, if it helps. */
    private void takeRest() {
        if (pendingCount == 0) {
            return;
        }
        LoadState before = state.copy();
        int countBefore = count;
        for (int p = 0; p < pendingCount; p++) {
            take(pending[p], p > 0);
        }
        if (!state.isBetterThan(before)) {
            count = countBefore;
        }
    }

    private void take(int bucket, boolean withPrevious) {
        boolean fromHighest = state.relative[state.at[bucket]] >= highest;
        state.move(bucket, goal.at[bucket]);
        if (fromHighest) {
            highest = state.highest();
        }
        buckets[count] = bucket;
        joined[count] = withPrevious;
        count++;
    }

    private void removePending(int position) {
        pendingCount--;
        System.arraycopy(pending, position + 1, pending, position, pendingCount - position);
    }
}
