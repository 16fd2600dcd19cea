package org.bucketkeeper.assignment;

import java.util.SplittableRandom;

/** Makes planning problems that are small enough to try out every answer, with everything that can go wrong in them. */
final class SmallProblems {

    private SmallProblems() {}

    /** Returns 5 to 7 buckets on 2 to 4 nodes. */
    static PlanningProblem random(SplittableRandom random) {
        int nodeCount = 2 + random.nextInt(3);
        int bucketCount = 5 + random.nextInt(3);
        return random(random, bucketCount, nodeCount);
    }

    /** Returns 3 to 6 equal or nearly equal nodes with so many pins that their shares are crowded out. */
    static PlanningProblem mostlyPinned(SplittableRandom random) {
        int nodeCount = 3 + random.nextInt(4);
        int freeCount = 1 + random.nextInt(4);
        int bucketCount = freeCount + 6 + random.nextInt(9);
        String[] ids = new String[nodeCount];
        int[] capacities = new int[nodeCount];
        NodeState[] states = new NodeState[nodeCount];
        int variety = 1 + random.nextInt(2);
        for (int i = 0; i < nodeCount; i++) {
            ids[i] = "node-" + i;
            capacities[i] = 5 + random.nextInt(variety);
            states[i] = NodeState.ELIGIBLE;
        }
        int[] owners = new int[bucketCount];
        int[] pins = new int[bucketCount];
        int pinnedNodes = 1 + random.nextInt(nodeCount);
        for (int b = 0; b < bucketCount; b++) {
            owners[b] = random.nextInt(nodeCount);
            pins[b] = b < freeCount ? PlanningProblem.NONE : b % pinnedNodes;
        }
        return new PlanningProblem(ids, capacities, states, owners, pins);
    }

    static PlanningProblem random(SplittableRandom random, int bucketCount, int nodeCount) {
        String[] ids = new String[nodeCount];
        int[] capacities = new int[nodeCount];
        NodeState[] states = new NodeState[nodeCount];
        int plainness = random.nextInt(3);
        int pinning = random.nextInt(4);
        for (int i = 0; i < nodeCount; i++) {
            ids[i] = "node-" + i;
            capacities[i] = plainness == 0 ? 100 : 1 + random.nextInt(5);
            states[i] = plainness == 0 ? NodeState.ELIGIBLE : state(random);
        }
        int[] owners = new int[bucketCount];
        int[] pins = new int[bucketCount];
        int reachable = 1 + random.nextInt(nodeCount);
        for (int b = 0; b < bucketCount; b++) {
            owners[b] = random.nextInt(6) == 0 ? PlanningProblem.NONE : random.nextInt(reachable);
            pins[b] = random.nextInt(4) < pinning ? random.nextInt(nodeCount) : PlanningProblem.NONE;
            if (random.nextInt(3) == 0) {
                pins[b] = PlanningProblem.NONE;
            }
        }
        return new PlanningProblem(ids, capacities, states, owners, pins);
    }

    private static NodeState state(SplittableRandom random) {
        return switch (random.nextInt(12)) {
            case 0 -> NodeState.CORDONED;
            case 1 -> NodeState.DRAINING;
            case 2 -> NodeState.GONE;
            default -> NodeState.ELIGIBLE;
        };
    }

    static String show(PlanningProblem problem) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < problem.nodeCount; i++) {
            text.append(problem.ids[i])
                    .append(' ')
                    .append(problem.states[i])
                    .append(" capacity ")
                    .append(problem.capacities[i])
                    .append("; ");
        }
        for (int b = 0; b < problem.bucketCount; b++) {
            text.append("bucket ")
                    .append(b)
                    .append(" at ")
                    .append(problem.owners[b])
                    .append(problem.pins[b] < 0 ? "" : " pinned to " + problem.pins[b])
                    .append("; ");
        }
        return text.toString();
    }
}
