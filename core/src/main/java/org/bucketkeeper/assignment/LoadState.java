package org.bucketkeeper.assignment;

import java.util.Arrays;

/**
 * A placement of free buckets on the eligible nodes that changes bucket by bucket, with the sums that judging a change
 * needs. Judged are the highest relative load, and after it the unevenness: the sum of load squared by capacity, which
 * is least when all relative loads are equal.
 */
final class LoadState {

    /** Ends the list of a node's buckets. */
    static final int END = -1;

    /** Relative difference that is taken for rounding. */
    static final double ROUNDING = 1e-9;

    final LoadProblem problem;
    /** The node of each free bucket, or {@link LoadProblem#HOMELESS}. */
    final int[] at;

    final double[] sums;
    /** For each node its load divided by its capacity. */
    final double[] relative;
    /** For each node the free bucket that it got last, or {@link #END}. */
    final int[] first;
    /** For each free bucket the one that its node got before, or {@link #END}. */
    final int[] next;

    private final int[] previous;
    /** How many buckets are neither at home nor nowhere. */
    private int movedCount;

    private LoadState(
            LoadProblem problem, int[] at, double[] sums, double[] relative, int[] first, int[] next, int[] previous) {
        this.problem = problem;
        this.at = at;
        this.sums = sums;
        this.relative = relative;
        this.first = first;
        this.next = next;
        this.previous = previous;
    }

    /** Returns the placement in which every bucket is at home; each node lists its heaviest bucket first. */
    static LoadState settled(LoadProblem problem) {
        int bucketCount = problem.loads.length;
        int nodeCount = problem.nodes.length;
        LoadState state = new LoadState(
                problem,
                new int[bucketCount],
                problem.pinned.clone(),
                new double[nodeCount],
                new int[nodeCount],
                new int[bucketCount],
                new int[bucketCount]);
        Arrays.fill(state.at, LoadProblem.HOMELESS);
        Arrays.fill(state.first, END);
        for (int j = 0; j < nodeCount; j++) {
            state.relative[j] = state.sums[j] * problem.inverse[j];
        }
        for (int b = bucketCount - 1; b >= 0; b--) {
            if (problem.homes[b] != LoadProblem.HOMELESS) {
                state.place(b, problem.homes[b]);
            }
        }
        return state;
    }

    LoadState copy() {
        LoadState copy = new LoadState(
                problem, at.clone(), sums.clone(), relative.clone(), first.clone(), next.clone(), previous.clone());
        copy.movedCount = movedCount;
        return copy;
    }

    /** Returns how many buckets with a home are on another node. */
    int movedCount() {
        return movedCount;
    }

    /** Returns how many more buckets are away from home once a bucket has moved: -1, 0 or 1. */
    int cost(int bucket, int from, int to) {
        int home = problem.homes[bucket];
        if (home == LoadProblem.HOMELESS) {
            return 0;
        }
        return (home == from ? 1 : 0) - (home == to ? 1 : 0);
    }

    /** Places a bucket that is nowhere. */
    void place(int bucket, int node) {
        int second = first[node];
        at[bucket] = node;
        first[node] = bucket;
        next[bucket] = second;
        previous[bucket] = END;
        if (second != END) {
            previous[second] = bucket;
        }
        sums[node] += problem.loads[bucket];
        relative[node] = sums[node] * problem.inverse[node];
        if (isAway(bucket)) {
            movedCount++;
        }
    }

    /** Takes a bucket away from its node, so that it is nowhere. */
    void remove(int bucket) {
        int node = at[bucket];
        int before = previous[bucket];
        int after = next[bucket];
        if (before == END) {
            first[node] = after;
        } else {
            next[before] = after;
        }
        if (after != END) {
            previous[after] = before;
        }
        sums[node] -= problem.loads[bucket];
        relative[node] = sums[node] * problem.inverse[node];
        if (isAway(bucket)) {
            movedCount--;
        }
        at[bucket] = LoadProblem.HOMELESS;
    }

    private boolean isAway(int bucket) {
        return problem.homes[bucket] != LoadProblem.HOMELESS && problem.homes[bucket] != at[bucket];
    }

    void move(int bucket, int node) {
        remove(bucket);
        place(bucket, node);
    }

    /** Places every bucket that is nowhere, the heaviest first, where it raises the relative load least. */
    void placeAll() {
        for (int b = 0; b < at.length; b++) {
            if (at[b] == LoadProblem.HOMELESS) {
                place(b, leastLoadedWith(problem.loads[b]));
            }
        }
    }

    /** Returns the node that would have the lowest relative load if it got {@code load} more. */
    int leastLoadedWith(double load) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < sums.length; j++) {
            double after = (sums[j] + load) * problem.inverse[j];
            if (after < least) {
                least = after;
                best = j;
            }
        }
        return best;
    }

    int mostLoaded() {
        int most = 0;
        for (int j = 1; j < relative.length; j++) {
            if (relative[j] > relative[most]) {
                most = j;
            }
        }
        return most;
    }

    double lowest() {
        double lowest = Double.POSITIVE_INFINITY;
        for (double each : relative) {
            lowest = Math.min(lowest, each);
        }
        return lowest;
    }

    double highest() {
        return relative[mostLoaded()];
    }

    /** Returns how much the unevenness falls when so much load moves from one node to another. */
    double gain(double load, int from, int to) {
        return load * (2 * sums[from] - load) * problem.inverse[from]
                - load * (2 * sums[to] + load) * problem.inverse[to];
    }

    /** Returns by how much the unevenness exceeds that of equal relative loads; 0 or more, but for rounding. */
    double unevenness() {
        double sum = 0;
        double capacity = 0;
        for (int j = 0; j < relative.length; j++) {
            sum += sums[j] * relative[j];
            capacity += problem.capacities[j];
        }
        return sum - problem.total * problem.total / capacity;
    }

    /** Tells whether the highest load is lower, or else no higher and the unevenness less; rounding apart. */
    boolean isBetterThan(LoadState other) {
        double highest = highest();
        double others = other.highest();
        return highest < others * (1 - ROUNDING)
                || (highest <= others && unevenness() < other.unevenness() * (1 - ROUNDING));
    }
}
