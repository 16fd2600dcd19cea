package org.bucketkeeper.assignment;

import java.util.function.Consumer;

/**
 * Tries out every table that keeps to the rules of {@link Rebalancer}, written from these rules and from nothing that
 * the planners share.
 */
final class EveryTable {

    private final PlanningProblem problem;
    private final int[] table;
    private final Consumer<int[]> visitor;

    private EveryTable(PlanningProblem problem, Consumer<int[]> visitor) {
        this.problem = problem;
        this.table = new int[problem.bucketCount];
        this.visitor = visitor;
    }

    /** Calls the visitor with the same array for every table. */
    static void visit(PlanningProblem problem, Consumer<int[]> visitor) {
        new EveryTable(problem, visitor).fill(0);
    }

    private void fill(int bucket) {
        if (bucket == problem.bucketCount) {
            visitor.accept(table);
            return;
        }
        boolean any = false;
        for (int node = 0; node < problem.nodeCount; node++) {
            if (mayBeOn(problem, bucket, node)) {
                any = true;
                table[bucket] = node;
                fill(bucket + 1);
            }
        }
        if (!any) {
            table[bucket] = problem.owners[bucket];
            fill(bucket + 1);
        }
    }

    static boolean mayBeOn(PlanningProblem problem, int bucket, int node) {
        int owner = problem.owners[bucket];
        int pin = problem.pins[bucket];
        if (pin >= 0 && (problem.states[pin] == NodeState.ELIGIBLE || problem.states[pin] == NodeState.CORDONED)) {
            return node == pin;
        }
        if (owner >= 0 && problem.states[owner] == NodeState.CORDONED) {
            return node == owner;
        }
        return problem.states[node] == NodeState.ELIGIBLE;
    }

    static boolean keepsToRules(PlanningProblem problem, int[] candidate) {
        for (int b = 0; b < problem.bucketCount; b++) {
            boolean any = false;
            for (int node = 0; node < problem.nodeCount; node++) {
                any |= mayBeOn(problem, b, node);
            }
            boolean kept =
                    any ? candidate[b] >= 0 && mayBeOn(problem, b, candidate[b]) : candidate[b] == problem.owners[b];
            if (!kept) {
                return false;
            }
        }
        return true;
    }

    static int moves(PlanningProblem problem, int[] candidate) {
        int moves = 0;
        for (int b = 0; b < problem.bucketCount; b++) {
            if (candidate[b] != problem.owners[b]) {
                moves++;
            }
        }
        return moves;
    }

    static int[] counts(PlanningProblem problem, int[] candidate) {
        int[] counts = new int[problem.nodeCount];
        for (int node : candidate) {
            if (node >= 0) {
                counts[node]++;
            }
        }
        return counts;
    }
}
