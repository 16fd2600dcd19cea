package org.bucketkeeper.assignment;

/**
 * Looks for a placement with a low highest load that takes a limited number of moves.
 *
 * <p>It sets itself a limit for every node, starting from the proven lower bound. Nodes above the limit give up as few
 * buckets as will do, and these go, the heaviest first, to the node that is then least loaded. If that fails, the limit
 * is raised, and so on by bisection, as in the MULTIFIT algorithm (Coffman, Garey and Johnson, 1978). A local search
 * then mends what is left.
 */
final class LoadSearch {

    /** How near to the bound a further search is not worth its time. */
    private static final double CLOSE = 1e-4;

    /** Up to this budget the local search from the start sometimes beats the bisection, and is still cheap. */
    private static final int SECOND_START_BUDGET = 64;

    private static final double LIMIT_RESOLUTION = 1e-3;
    private static final int MAX_ROUNDS = 5;

    private final int budget;
    private final LoadState settled;
    private final double bound;
    private LoadState best;

    private LoadSearch(LoadProblem problem, int budget) {
        this.budget = budget;
        this.settled = LoadState.settled(problem);
        this.bound = LoadBound.ofMoves(settled, budget, LoadBound.ofAnyPlacement(problem));
        this.best = settled.copy();
        best.placeAll();
    }

    /**
     * Returns a placement of all free buckets.
     *
     * @param budget how many buckets with a home may be on another node
     */
    static LoadState search(LoadProblem problem, int budget) {
        LoadState found = new LoadSearch(problem, budget).search();
        if (budget > 0 && problem.hasHomeless()) {
            // The buckets that have to move may have found better places when nothing else could move.
            LoadState forcedOnly = new LoadSearch(problem, 0).search();
            return found.isBetterThan(forcedOnly) ? found : forcedOnly;
        }
        return found;
    }

    private LoadState search() {
        lowerHighest();
        LoadImprovement.evenOut(best, budget);
        return best;
    }

    private void lowerHighest() {
        LoadState forcedOnly = best;
        if (forcedOnly.highest() <= bound * (1 + LoadState.ROUNDING)) {
            return;
        }
        best = forcedOnly.copy();
        bisectLimit();
        LoadImprovement.lowerHighest(best, budget);
        if (budget <= SECOND_START_BUDGET && best.highest() > bound * (1 + CLOSE)) {
            LoadImprovement.lowerHighest(forcedOnly, budget);
            takeIfBetter(forcedOnly);
        }
    }

    private void bisectLimit() {
        double low = bound;
        double high = best.highest();
        double limit = bound;
        for (int round = 0; round < MAX_ROUNDS && high > low * (1 + LIMIT_RESOLUTION); round++) {
            LoadState candidate = settled.copy();
            boolean placed = shed(candidate, limit * (1 + LoadState.ROUNDING)) && placeBelow(candidate, best.highest());
            if (placed) {
                takeIfBetter(candidate);
            }
            high = best.highest();
            if (high > limit * (1 + LoadState.ROUNDING)) {
                low = limit;
            }
            limit = (low + high) / 2;
        }
    }

    private void takeIfBetter(LoadState candidate) {
        if (candidate.highest() < best.highest() * (1 - LoadState.ROUNDING)) {
            best = candidate;
        }
    }

    /**
     * Takes as few buckets as will do from every node above the limit. No limit is below the bound, so these are within
     * the budget; should rounding ever make that untrue, it gives up.
     */
    private boolean shed(LoadState state, double limit) {
        int count = 0;
        for (int j = 0; j < state.sums.length; j++) {
            while (state.relative[j] > limit) {
                if (count == budget || state.first[j] == LoadState.END) {
                    return false;
                }
                state.remove(heaviestNeeded(state, j, limit));
                count++;
            }
        }
        return true;
    }

    /** Returns the lightest bucket that brings the node below the limit, or the heaviest if none does. */
    private static int heaviestNeeded(LoadState state, int node, double limit) {
        double excess = state.sums[node] - limit * state.problem.capacities[node];
        int bucket = state.first[node];
        while (state.next[bucket] != LoadState.END && state.problem.loads[state.next[bucket]] >= excess) {
            bucket = state.next[bucket];
        }
        return bucket;
    }

    /** Places every bucket that is nowhere; gives up when a node comes to {@code limit}. */
    private static boolean placeBelow(LoadState state, double limit) {
        for (int b = 0; b < state.at.length; b++) {
            if (state.at[b] == LoadProblem.HOMELESS) {
                int node = state.leastLoadedWith(state.problem.loads[b]);
                state.place(b, node);
                if (state.relative[node] >= limit) {
                    return false;
                }
            }
        }
        return true;
    }
}
