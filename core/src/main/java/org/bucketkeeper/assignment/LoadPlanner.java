package org.bucketkeeper.assignment;

/** Spreads load: places what has to move, and spends the rest of the budget on lowering the highest relative load. */
final class LoadPlanner {

    private LoadPlanner() {}

    static Draft plan(PlanningProblem problem, double[] loads, int moveBudget) {
        FixedPlaces places = FixedPlaces.of(problem);
        int[] order = new int[problem.bucketCount];
        int forcedCount = ForcedMoves.list(problem, places, order);
        int[] targets = problem.owners.clone();
        boolean[] joined = new boolean[problem.bucketCount];
        for (int m = 0; m < forcedCount; m++) {
            targets[order[m]] = places.place[order[m]];
        }
        int moveCount = forcedCount;
        if (places.eligibleCount > 0) {
            LoadProblem loadProblem = LoadProblem.of(problem, places, loads);
            LoadState result = LoadSearch.search(loadProblem, Math.max(0, moveBudget - forcedCount));
            VoluntaryMoves voluntary = VoluntaryMoves.inOrder(result);
            for (int b = 0; b < loadProblem.buckets.length; b++) {
                if (loadProblem.homes[b] == LoadProblem.HOMELESS) {
                    targets[loadProblem.buckets[b]] = loadProblem.nodes[result.at[b]];
                }
            }
            for (int v = 0; v < voluntary.count; v++) {
                int b = voluntary.buckets[v];
                int bucket = loadProblem.buckets[b];
                targets[bucket] = loadProblem.nodes[result.at[b]];
                order[moveCount] = bucket;
                joined[moveCount] = voluntary.joined[v];
                moveCount++;
            }
        }
        return new Draft(targets, order, moveCount, forcedCount, joined);
    }
}
