package org.bucketkeeper.assignment;

import java.util.Arrays;

/** Works out how low the highest relative load of an eligible node can get at best. */
final class LoadBound {

    private LoadBound() {}

    /**
     * Returns a relative load below which no placement can bring the highest one, whatever it moves. Each of these is
     * such a bound: what is pinned to one node; the fair share of all nodes; and for each k, the k heaviest free
     * buckets shared by the k largest nodes, for they are on k nodes at most.
     */
    static double ofAnyPlacement(LoadProblem problem) {
        int nodeCount = problem.nodes.length;
        double bound = 0;
        double allCapacity = 0;
        for (int j = 0; j < nodeCount; j++) {
            bound = Math.max(bound, problem.pinned[j] * problem.inverse[j]);
            allCapacity += problem.capacities[j];
        }
        bound = Math.max(bound, problem.total / allCapacity);
        double[] ascending = problem.capacities.clone();
        Arrays.sort(ascending);
        double load = 0;
        double capacity = 0;
        for (int k = 0; k < Math.min(nodeCount, problem.loads.length); k++) {
            load += problem.loads[k];
            capacity += ascending[nodeCount - 1 - k];
            bound = Math.max(bound, load / capacity);
        }
        return bound;
    }

    /**
     * Returns a relative load below which no placement with so many voluntary moves can bring the highest one. It
     * imagines that buckets vanish when they leave: then it is best to take, again and again, the heaviest bucket of
     * the most loaded node, since nothing else lowers the highest load more.
     *
     * @param settled the placement without the buckets that have to move; each node lists its heaviest bucket first
     * @param enough a bound that is known already; no more is worked out once the result would not exceed it
     */
    static double ofMoves(LoadState settled, int moves, double enough) {
        LoadState state = settled.copy();
        int node = state.mostLoaded();
        for (int m = 0; m < moves && state.relative[node] > enough && state.first[node] != LoadState.END; m++) {
            state.remove(state.first[node]);
            node = state.mostLoaded();
        }
        return Math.max(enough, state.relative[node]);
    }
}
