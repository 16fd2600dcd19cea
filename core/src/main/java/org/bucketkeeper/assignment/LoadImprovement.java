package org.bucketkeeper.assignment;

/**
 * Improves a placement step by step. A step moves one bucket away from a node, or swaps it for a lighter one of another
 * node, such that neither node is then as loaded as the first was before, and the unevenness falls. Among the steps from
 * a node it takes the one after which the unevenness is least.
 */
final class LoadImprovement {

    private static final int NOTHING = -1;
    /** The part of the unevenness that a step must take away to be worth moving a bucket that nobody suffers from. */
    private static final double WORTHWHILE = 0.01;

    private final LoadState state;
    private final LoadProblem problem;
    private final int budget;
    private int bucket;
    private int receiver;
    private int swapped;

    private LoadImprovement(LoadState state, int budget) {
        this.state = state;
        this.problem = state.problem;
        this.budget = budget;
    }

    /** Takes steps from the most loaded node until there is none. */
    static void lowerHighest(LoadState state, int budget) {
        LoadImprovement improvement = new LoadImprovement(state, budget);
        while (improvement.step(state.mostLoaded(), LoadState.ROUNDING)) {
            // The step is all that has to be done.
        }
    }

    /** Takes worthwhile steps from any node above the average, the most loaded first, until there is none. */
    static void evenOut(LoadState state, int budget) {
        LoadImprovement improvement = new LoadImprovement(state, budget);
        boolean[] settled = new boolean[state.sums.length];
        double worthwhile = WORTHWHILE * state.unevenness();
        for (int node = mostLoadedOf(state, settled); node != NOTHING; node = mostLoadedOf(state, settled)) {
            if (improvement.step(node, Math.max(LoadState.ROUNDING, worthwhile))) {
                settled[improvement.receiver] = false;
                worthwhile = WORTHWHILE * state.unevenness();
            } else {
                settled[node] = true;
            }
        }
    }

    /** Returns the most loaded node above the average that is not settled. */
    private static int mostLoadedOf(LoadState state, boolean[] settled) {
        int most = NOTHING;
        double highest = 1 + LoadState.ROUNDING;
        for (int j = 0; j < settled.length; j++) {
            if (!settled[j] && state.relative[j] > highest) {
                most = j;
                highest = state.relative[j];
            }
        }
        return most;
    }

    /** Takes the best step from a node, if there is one that gains more than {@code leastGain}. */
    private boolean step(int giver, double leastGain) {
        bucket = NOTHING;
        double best = leastGain;
        double lead = state.relative[giver] - state.lowest();
        for (int b = state.first[giver]; b != LoadState.END; b = state.next[b]) {
            if (mostGain(giver, problem.loads[b], lead) > best) {
                best = findReceiver(giver, b, best);
                best = findSwap(giver, b, best);
            }
        }
        if (bucket == NOTHING) {
            return false;
        }
        state.move(bucket, receiver);
        if (swapped != NOTHING) {
            state.move(swapped, giver);
        }
        return true;
    }

    /** Returns what a node gains at most by giving up to so much load to an immense node with the lowest load of all. */
    private double mostGain(int giver, double load, double lead) {
        double given = Math.min(load, lead * problem.capacities[giver]);
        return given * (2 * lead - given * problem.inverse[giver]);
    }

    private double findReceiver(int giver, int candidate, double bestSoFar) {
        double best = bestSoFar;
        double load = problem.loads[candidate];
        double limit = state.relative[giver] * (1 - LoadState.ROUNDING);
        int room = budget - state.movedCount();
        if (load == 0 || (room < 1 && problem.homes[candidate] == giver)) {
            return best;
        }
        for (int j = 0; j < state.sums.length; j++) {
            if ((state.sums[j] + load) * problem.inverse[j] < limit) {
                double gain = state.gain(load, giver, j);
                if (gain > best && j != giver) {
                    best = gain;
                    bucket = candidate;
                    receiver = j;
                    swapped = NOTHING;
                }
            }
        }
        return best;
    }

    private double findSwap(int giver, int candidate, double bestSoFar) {
        double best = bestSoFar;
        double limit = state.relative[giver] * (1 - LoadState.ROUNDING);
        int room = budget - state.movedCount();
        // Buckets go from the heaviest to the lightest, so only those behind are lighter.
        for (int other = candidate + 1; other < state.at.length; other++) {
            int j = state.at[other];
            double load = problem.loads[candidate] - problem.loads[other];
            if ((state.sums[j] + load) * problem.inverse[j] < limit) {
                double gain = state.gain(load, giver, j);
                if (gain > best
                        && j != giver
                        && state.cost(candidate, giver, j) + state.cost(other, j, giver) <= room) {
                    best = gain;
                    bucket = candidate;
                    receiver = j;
                    swapped = other;
                }
            }
        }
        return best;
    }
}
