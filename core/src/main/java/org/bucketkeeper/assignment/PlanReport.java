package org.bucketkeeper.assignment;

import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/** Works out the figures that show how good a table is for the question that was asked. */
final class PlanReport {

    private final PlanningProblem problem;
    /** The load of each bucket, or null if every bucket counts as 1. */
    private final @Nullable BucketLoads loads;
    /** How many buckets the plan might move that did not have to. */
    private final int voluntaryMoves;

    PlanReport(PlanningProblem problem, @Nullable BucketLoads loads, int voluntaryMoves) {
        this.problem = problem;
        this.loads = loads;
        this.voluntaryMoves = voluntaryMoves;
    }

    private double loadOf(Bucket bucket) {
        return loads == null ? 1 : loads.loadOf(bucket);
    }

    List<NodeShare> nodes(Assignment before, Assignment after) {
        FixedPlaces places = FixedPlaces.of(problem);
        CountGoal goal = CountGoal.of(problem, places);
        List<NodeShare> nodes = new ArrayList<>();
        for (int i = 0; i < problem.nodeCount; i++) {
            String nodeId = problem.ids[i];
            double quota = problem.isEligible(i) ? goal.quota(i) : places.fixed[i];
            nodes.add(new NodeShare(
                    nodeId,
                    problem.states[i],
                    problem.capacities[i],
                    before.count(nodeId),
                    after.count(nodeId),
                    quota,
                    load(before, nodeId),
                    load(after, nodeId)));
        }
        return List.copyOf(nodes);
    }

    private double load(Assignment table, String nodeId) {
        double sum = 0;
        for (Bucket bucket : table.bucketsOf(nodeId)) {
            sum += loadOf(bucket);
        }
        return sum;
    }

    double highestRelativeLoad(Assignment table) {
        double highest = 0;
        for (int i = 0; i < problem.nodeCount; i++) {
            if (problem.states[i] != NodeState.GONE) {
                highest = Math.max(highest, load(table, problem.ids[i]) / problem.capacities[i]);
            }
        }
        return highest;
    }

    double relativeLoadLowerBound() {
        double[] bucketLoads = new double[problem.bucketCount];
        for (int b = 0; b < bucketLoads.length; b++) {
            bucketLoads[b] = loadOf(Bucket.of(b));
        }
        return relativeLoadLowerBound(problem, bucketLoads, voluntaryMoves);
    }

    /** Returns a bound for the highest load by capacity of a live node, whatever a plan with so many moves does. */
    static double relativeLoadLowerBound(PlanningProblem problem, double[] loads, int voluntaryMoves) {
        FixedPlaces places = FixedPlaces.of(problem);
        double[] kept = new double[problem.nodeCount];
        for (int b = 0; b < problem.bucketCount; b++) {
            int place = places.place[b];
            int owner = problem.owners[b];
            if (place != FixedPlaces.FREE) {
                kept[place] += loads[b];
            } else if (places.eligibleCount == 0 && owner != PlanningProblem.NONE) {
                kept[owner] += loads[b];
            }
        }
        double bound = 0;
        for (int i = 0; i < problem.nodeCount; i++) {
            if (problem.states[i] != NodeState.GONE) {
                bound = Math.max(bound, kept[i] / problem.capacities[i]);
            }
        }
        return places.eligibleCount == 0
                ? bound
                : Math.max(bound, eligibleBound(problem, places, loads, voluntaryMoves));
    }

    private static double eligibleBound(
            PlanningProblem problem, FixedPlaces places, double[] loads, int voluntaryMoves) {
        LoadProblem scaled = LoadProblem.of(problem, places, loads);
        double bound = LoadBound.ofMoves(LoadState.settled(scaled), voluntaryMoves, LoadBound.ofAnyPlacement(scaled));
        double allCapacity = 0;
        for (double capacity : scaled.capacities) {
            allCapacity += capacity;
        }
        return bound * (LoadProblem.eligibleLoad(problem, places, loads) / allCapacity);
    }
}
