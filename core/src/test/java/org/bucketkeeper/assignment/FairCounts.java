package org.bucketkeeper.assignment;

import java.util.ArrayList;
import java.util.List;

/**
 * Judges whether counts reach the goal of BALANCE, straight from its definition: it asks whether any counts at all would
 * do instead of working out floors and slots.
 */
final class FairCounts {

    private final PlanningProblem problem;
    private final int[] pinned;
    private final List<Integer> sharing = new ArrayList<>();
    private final List<Integer> takenOut = new ArrayList<>();
    private long shared;
    private long capacity;

    FairCounts(PlanningProblem problem) {
        this.problem = problem;
        this.pinned = new int[problem.nodeCount];
        for (int b = 0; b < problem.bucketCount; b++) {
            int only = -1;
            boolean several = false;
            boolean onEligible = false;
            for (int node = 0; node < problem.nodeCount; node++) {
                if (EveryTable.mayBeOn(problem, b, node)) {
                    several |= only >= 0;
                    only = node;
                    onEligible |= problem.states[node] == NodeState.ELIGIBLE;
                }
            }
            shared += onEligible ? 1 : 0;
            boolean pinnedToEligible = onEligible && !several && problem.pins[b] == only;
            if (pinnedToEligible) {
                pinned[only]++;
            }
        }
        for (int node = 0; node < problem.nodeCount; node++) {
            if (problem.states[node] == NodeState.ELIGIBLE) {
                sharing.add(node);
                capacity += problem.capacities[node];
            }
        }
        takeOutFullNodes();
    }

    private void takeOutFullNodes() {
        while (true) {
            List<Integer> full = sharing.stream()
                    .filter(node -> deviation(node, pinned[node]) >= capacity)
                    .toList();
            if (full.isEmpty() && !sharing.isEmpty() && !canShare(0, shared)) {
                full = sharing.stream()
                        .filter(node -> deviation(node, pinned[node]) > 0)
                        .toList();
            }
            if (full.isEmpty()) {
                return;
            }
            for (Integer node : full) {
                sharing.remove(node);
                takenOut.add(node);
                shared -= pinned[node];
                capacity -= problem.capacities[node];
            }
        }
    }

    /** Returns (count - quota) * total capacity, in whole numbers. */
    private long deviation(int node, long count) {
        return count * capacity - shared * problem.capacities[node];
    }

    private boolean canShare(int from, long rest) {
        if (from == sharing.size()) {
            return rest == 0;
        }
        int node = sharing.get(from);
        for (int count = pinned[node]; count <= rest; count++) {
            if (Math.abs(deviation(node, count)) < capacity && canShare(from + 1, rest - count)) {
                return true;
            }
        }
        return false;
    }

    boolean reachedBy(int[] counts) {
        return takenOut.stream().allMatch(node -> counts[node] == pinned[node])
                && sharing.stream().allMatch(node -> Math.abs(deviation(node, counts[node])) < capacity);
    }
}
