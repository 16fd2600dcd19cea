package org.bucketkeeper.assignment;

import java.util.Arrays;

/**
 * Decides how many buckets each eligible node shall have. {@link Rebalancer} defines the goal and proves that what is
 * chosen here needs the fewest moves.
 */
final class CountGoal {

    /** Room for a node's index in a sort key; the number of nodes is below 2^20. */
    private static final int INDEX_BITS = 20;

    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;
    /** The total capacity is below 2^20 nodes times 2^20, and remainders are below it. */
    private static final long MAX_REMAINDER = (1L << 40) - 1;
    /** Sorts the nodes for which one more bucket keeps none behind all for which it keeps one. */
    private static final long KEEPS_NONE = 1L << 60;

    /** For each eligible node the number of buckets that it shall have, pinned ones included; 0 for other nodes. */
    final int[] targets;

    private final PlanningProblem problem;
    private final FixedPlaces places;
    /** The nodes whose pins exceed their share: they get their pins, and the others share the rest. */
    private final boolean[] full;

    private final long[] remainders;
    private long pool;
    private long capacity;
    private int spare;

    private CountGoal(PlanningProblem problem, FixedPlaces places) {
        this.problem = problem;
        this.places = places;
        this.targets = new int[problem.nodeCount];
        this.full = new boolean[problem.nodeCount];
        this.remainders = new long[problem.nodeCount];
    }

    static CountGoal of(PlanningProblem problem, FixedPlaces places) {
        CountGoal goal = new CountGoal(problem, places);
        if (places.eligibleCount > 0) {
            goal.fillPool();
            do {
                goal.giveFloors();
            } while (goal.setFullNodesAside());
            goal.giveSpareSlots();
        }
        return goal;
    }

    /** Returns the exact share of an eligible node, or its pins if they exceed its share; for reports only. */
    double quota(int node) {
        return full[node] ? places.fixed[node] : (double) (pool * problem.capacities[node]) / capacity;
    }

    private void fillPool() {
        pool = places.freeCount;
        for (int i = 0; i < problem.nodeCount; i++) {
            if (problem.isEligible(i)) {
                pool += places.fixed[i];
                capacity += problem.capacities[i];
            }
        }
    }

    private boolean isSharing(int node) {
        return problem.isEligible(node) && !full[node];
    }

    private void giveFloors() {
        long rest = pool;
        for (int i = 0; i < problem.nodeCount; i++) {
            if (isSharing(i)) {
                long product = pool * problem.capacities[i];
                long floor = product / capacity;
                targets[i] = (int) floor;
                remainders[i] = product - floor * capacity;
                rest -= floor;
            }
        }
        spare = (int) rest;
    }

    /**
     * Sets aside the nodes whose pins exceed their ceiling; if there is none, but there are too few spare slots for
     * those whose pins exceed their floor, sets these aside. Returns whether there were any: the others' shares are
     * smaller then, and have to be worked out again.
     */
    private boolean setFullNodesAside() {
        boolean aboveCeiling = false;
        int slotsNeeded = 0;
        for (int i = 0; i < problem.nodeCount; i++) {
            if (isSharing(i) && places.fixed[i] > targets[i]) {
                slotsNeeded++;
                aboveCeiling |= places.fixed[i] > ceiling(i);
            }
        }
        if (!aboveCeiling && slotsNeeded <= spare) {
            return false;
        }
        for (int i = 0; i < problem.nodeCount; i++) {
            if (isSharing(i) && places.fixed[i] > (aboveCeiling ? ceiling(i) : targets[i])) {
                full[i] = true;
                targets[i] = places.fixed[i];
                pool -= places.fixed[i];
                capacity -= problem.capacities[i];
            }
        }
        return true;
    }

    private int ceiling(int node) {
        return remainders[node] == 0 ? targets[node] : targets[node] + 1;
    }

    private void giveSpareSlots() {
        long[] candidates = new long[problem.nodeCount];
        int count = 0;
        for (int i = 0; i < problem.nodeCount; i++) {
            if (isSharing(i) && remainders[i] > 0) {
                if (places.fixed[i] > targets[i]) {
                    targets[i]++;
                    spare--;
                } else {
                    boolean keepsOne = places.fixed[i] + places.owned[i] > targets[i];
                    long key = ((MAX_REMAINDER - remainders[i]) << INDEX_BITS) | i;
                    candidates[count] = keepsOne ? key : key | KEEPS_NONE;
                    count++;
                }
            }
        }
        Arrays.sort(candidates, 0, count);
        for (int c = 0; c < spare; c++) {
            targets[(int) (candidates[c] & INDEX_MASK)]++;
        }
    }
}
