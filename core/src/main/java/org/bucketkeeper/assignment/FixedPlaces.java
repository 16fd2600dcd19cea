package org.bucketkeeper.assignment;

import java.util.Arrays;

/**
 * Finds out what a planner has no say in: pinned buckets are where their pin is, and what a live cordoned node has
 * stays there. All other buckets are free: they may be on any eligible node.
 */
final class FixedPlaces {

    /** Marks a bucket that may be on any eligible node. */
    static final int FREE = -1;

    /** The node that each bucket must be on, or {@link #FREE}. */
    final int[] place;
    /** For each node the number of buckets that must be on it. */
    final int[] fixed;
    /** For each eligible node the number of free buckets that it has now. */
    final int[] owned;

    final int freeCount;
    final int eligibleCount;

    private FixedPlaces(int[] place, int[] fixed, int[] owned, int freeCount, int eligibleCount) {
        this.place = place;
        this.fixed = fixed;
        this.owned = owned;
        this.freeCount = freeCount;
        this.eligibleCount = eligibleCount;
    }

    static FixedPlaces of(PlanningProblem problem) {
        int[] place = new int[problem.bucketCount];
        int[] fixed = new int[problem.nodeCount];
        int[] owned = new int[problem.nodeCount];
        int freeCount = 0;
        Arrays.fill(place, FREE);
        for (int b = 0; b < problem.bucketCount; b++) {
            int owner = problem.owners[b];
            int pin = problem.pins[b];
            if (pin != PlanningProblem.NONE) {
                place[b] = pin;
                fixed[pin]++;
            } else if (owner != PlanningProblem.NONE && problem.states[owner] == NodeState.CORDONED) {
                place[b] = owner;
                fixed[owner]++;
            } else {
                freeCount++;
                if (owner != PlanningProblem.NONE && problem.isEligible(owner)) {
                    owned[owner]++;
                }
            }
        }
        int eligibleCount = 0;
        for (int i = 0; i < problem.nodeCount; i++) {
            if (problem.isEligible(i)) {
                eligibleCount++;
            }
        }
        return new FixedPlaces(place, fixed, owned, freeCount, eligibleCount);
    }
}
