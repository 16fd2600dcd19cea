package org.bucketkeeper.assignment;

/** Moves only what has to move, each bucket to the node that is then least loaded for its capacity. */
final class KeepPlanner {

    private KeepPlanner() {}

    static Draft plan(PlanningProblem problem) {
        FixedPlaces places = FixedPlaces.of(problem);
        int[] order = new int[problem.bucketCount];
        int moveCount = ForcedMoves.list(problem, places, order);
        int[] targets = problem.owners.clone();
        int[] counts = new int[problem.nodeCount];
        for (int i = 0; i < problem.nodeCount; i++) {
            counts[i] = places.fixed[i] + places.owned[i];
        }
        NodePool receivers = NodePool.ofEligible(problem, counts);
        for (int m = 0; m < moveCount; m++) {
            int bucket = order[m];
            int place = places.place[bucket];
            if (place == FixedPlaces.FREE) {
                place = receivers.node(receivers.leastLoaded());
                receivers.counts[place]++;
            }
            targets[bucket] = place;
        }
        return new Draft(targets, order, moveCount, moveCount, new boolean[problem.bucketCount]);
    }
}
