package org.bucketkeeper.assignment;

import java.util.Arrays;

/**
 * The loads that a planner may move, between eligible nodes only, scaled so that a node with exactly its fair share has
 * relative load 1. Free buckets are numbered from the heaviest to the lightest, ties by bucket.
 */
final class LoadProblem {

    /** Stands for the home of a bucket that has to move anyway. */
    static final int HOMELESS = -1;

    private static final long BUCKET_MASK = 0xff;

    /** For each eligible node, in order, its index in the planning problem. */
    final int[] nodes;

    final double[] capacities;
    /** For each eligible node one divided by its capacity. */
    final double[] inverse;
    /** For each eligible node the load that is pinned to it. */
    final double[] pinned;
    /** For each free bucket its index in the planning problem. */
    final int[] buckets;

    final double[] loads;
    /** For each free bucket the eligible node that has it now, or {@link #HOMELESS}. */
    final int[] homes;
    /** The sum of all loads on eligible nodes when every bucket is placed. */
    final double total;

    private LoadProblem(int[] nodes, double[] capacities, double[] pinned, int[] buckets, double[] loads, int[] homes) {
        this.nodes = nodes;
        this.capacities = capacities;
        this.inverse = new double[nodes.length];
        this.pinned = pinned;
        this.buckets = buckets;
        this.loads = loads;
        this.homes = homes;
        double sum = 0;
        for (double load : loads) {
            sum += load;
        }
        for (int j = 0; j < nodes.length; j++) {
            inverse[j] = 1 / capacities[j];
            sum += pinned[j];
        }
        this.total = sum;
    }

    static LoadProblem of(PlanningProblem problem, FixedPlaces places, double[] bucketLoads) {
        int[] nodes = new int[places.eligibleCount];
        int[] positions = new int[problem.nodeCount];
        double[] capacities = new double[nodes.length];
        double allCapacity = 0;
        int n = 0;
        for (int i = 0; i < problem.nodeCount; i++) {
            if (problem.isEligible(i)) {
                nodes[n] = i;
                positions[i] = n;
                capacities[n] = problem.capacities[i];
                allCapacity += capacities[n];
                n++;
            }
        }
        double allLoad = eligibleLoad(problem, places, bucketLoads);
        double[] pinned = new double[nodes.length];
        double[] scaled = new double[problem.bucketCount];
        long[] keys = new long[places.freeCount];
        int f = 0;
        for (int b = 0; b < problem.bucketCount; b++) {
            // In this order nothing overflows, and the smallest doubles do not vanish.
            scaled[b] = allLoad > 0 ? bucketLoads[b] / allLoad * allCapacity : 0;
            int place = places.place[b];
            if (place == FixedPlaces.FREE) {
                keys[f] = sortKey(scaled[b], b);
                f++;
            } else if (problem.isEligible(place)) {
                pinned[positions[place]] += scaled[b];
            }
        }
        Arrays.sort(keys);
        int[] buckets = new int[f];
        double[] loads = new double[f];
        int[] homes = new int[f];
        for (int k = 0; k < f; k++) {
            int bucket = (int) (keys[k] & BUCKET_MASK);
            int owner = problem.owners[bucket];
            buckets[k] = bucket;
            loads[k] = scaled[bucket];
            homes[k] = owner != PlanningProblem.NONE && problem.isEligible(owner) ? positions[owner] : HOMELESS;
        }
        return new LoadProblem(nodes, capacities, pinned, buckets, loads, homes);
    }

    boolean hasHomeless() {
        for (int home : homes) {
            if (home == HOMELESS) {
                return true;
            }
        }
        return false;
    }

    /** Returns what all eligible nodes together carry when every bucket has its place. */
    static double eligibleLoad(PlanningProblem problem, FixedPlaces places, double[] bucketLoads) {
        double sum = 0;
        for (int b = 0; b < problem.bucketCount; b++) {
            if (places.place[b] == FixedPlaces.FREE || problem.isEligible(places.place[b])) {
                sum += bucketLoads[b];
            }
        }
        return sum;
    }

    /**
     * Sorts heavier loads first. The bits of doubles that are not negative sort as their values do; the lowest eight
     * give way to the bucket, so loads that agree in all others count as equal.
     */
    private static long sortKey(double load, int bucket) {
        return ((Long.MAX_VALUE - Double.doubleToRawLongBits(load)) & ~BUCKET_MASK) | bucket;
    }
}
