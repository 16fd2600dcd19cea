package org.bucketkeeper.assignment;

/**
 * Lists the buckets that move whatever the goal, the most urgent first: those without a live owner, those on draining
 * nodes, those pinned elsewhere. A bucket that has to move but has nowhere to go is left out.
 */
final class ForcedMoves {

    private static final int NO_LIVE_OWNER = 0;
    private static final int ON_DRAINING_NODE = 1;
    private static final int PINNED_ELSEWHERE = 2;
    private static final int MAY_STAY = 3;

    private ForcedMoves() {}

    /** Writes the buckets into {@code order}, which has room for all, and returns how many there are. */
    static int list(PlanningProblem problem, FixedPlaces places, int[] order) {
        byte[] groups = new byte[problem.bucketCount];
        for (int b = 0; b < problem.bucketCount; b++) {
            boolean hasPlace = places.place[b] != FixedPlaces.FREE || places.eligibleCount > 0;
            groups[b] = (byte) (hasPlace ? group(problem, b) : MAY_STAY);
        }
        int count = 0;
        for (int group = NO_LIVE_OWNER; group < MAY_STAY; group++) {
            for (int b = 0; b < problem.bucketCount; b++) {
                if (groups[b] == group) {
                    order[count] = b;
                    count++;
                }
            }
        }
        return count;
    }

    private static int group(PlanningProblem problem, int bucket) {
        int owner = problem.owners[bucket];
        if (owner == PlanningProblem.NONE || problem.states[owner] == NodeState.GONE) {
            return NO_LIVE_OWNER;
        }
        if (problem.states[owner] == NodeState.DRAINING) {
            return ON_DRAINING_NODE;
        }
        int pin = problem.pins[bucket];
        return pin == PlanningProblem.NONE || pin == owner ? MAY_STAY : PINNED_ELSEWHERE;
    }
}
