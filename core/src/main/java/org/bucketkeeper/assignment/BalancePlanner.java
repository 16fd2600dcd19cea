package org.bucketkeeper.assignment;

/** Brings every eligible node to its target count, with the fewest moves; {@link Rebalancer} says why they are. */
final class BalancePlanner {

    private static final int END = -1;

    private final PlanningProblem problem;
    private final FixedPlaces places;
    private final int[] order;
    private final int[] targets;
    /** For each node how many buckets it still has to get. */
    private final int[] missing;

    private final int[] counts;
    private final NodePool receivers;
    private int moveCount;

    private BalancePlanner(PlanningProblem problem) {
        this.problem = problem;
        this.places = FixedPlaces.of(problem);
        this.order = new int[problem.bucketCount];
        this.targets = problem.owners.clone();
        this.missing = new int[problem.nodeCount];
        this.counts = new int[problem.nodeCount];
        this.receivers = NodePool.empty(problem, counts);
    }

    static Draft plan(PlanningProblem problem) {
        return new BalancePlanner(problem).plan();
    }

    private Draft plan() {
        CountGoal goal = CountGoal.of(problem, places);
        int forcedCount = ForcedMoves.list(problem, places, order);
        int surplus = 0;
        for (int i = 0; i < problem.nodeCount; i++) {
            if (problem.isEligible(i)) {
                counts[i] = places.fixed[i] + places.owned[i];
                missing[i] = goal.targets[i] - counts[i];
                if (missing[i] > 0) {
                    receivers.add(i);
                } else {
                    surplus -= missing[i];
                }
            }
        }
        placeForced(forcedCount);
        moveSurplus(surplus);
        return new Draft(targets, order, moveCount, forcedCount + surplus, new boolean[problem.bucketCount]);
    }

    private void placeForced(int forcedCount) {
        for (int m = 0; m < forcedCount; m++) {
            int bucket = order[m];
            int place = places.place[bucket];
            targets[bucket] = place == FixedPlaces.FREE ? takeReceiver() : place;
        }
        moveCount = forcedCount;
    }

    private int takeReceiver() {
        int position = receivers.leastLoaded();
        int node = receivers.node(position);
        counts[node]++;
        missing[node]--;
        if (missing[node] == 0) {
            receivers.remove(position);
        }
        return node;
    }

    /** Moves from the fullest node above its target to the emptiest one below, so that each move is worth most. */
    private void moveSurplus(int surplus) {
        if (surplus == 0) {
            return;
        }
        int[] firstOf = new int[problem.nodeCount];
        int[] nextOf = new int[problem.bucketCount];
        NodePool givers = listSurplus(firstOf, nextOf);
        for (int m = 0; m < surplus; m++) {
            int position = givers.mostLoaded();
            int giver = givers.node(position);
            int bucket = firstOf[giver];
            firstOf[giver] = nextOf[bucket];
            counts[giver]--;
            missing[giver]++;
            if (missing[giver] == 0) {
                givers.remove(position);
            }
            targets[bucket] = takeReceiver();
            order[moveCount] = bucket;
            moveCount++;
        }
    }

    /** Chains the free buckets of every node that has too many, the highest bucket first. */
    private NodePool listSurplus(int[] firstOf, int[] nextOf) {
        NodePool givers = NodePool.empty(problem, counts);
        for (int i = 0; i < problem.nodeCount; i++) {
            firstOf[i] = END;
            if (missing[i] < 0) {
                givers.add(i);
            }
        }
        for (int b = 0; b < problem.bucketCount; b++) {
            int owner = problem.owners[b];
            if (places.place[b] == FixedPlaces.FREE && owner != PlanningProblem.NONE) {
                nextOf[b] = firstOf[owner];
                firstOf[owner] = b;
            }
        }
        return givers;
    }
}
