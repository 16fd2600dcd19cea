package org.bucketkeeper.assignment;

/** The nodes that may still give or get buckets, and how many each has; ties go to the smaller node id. */
final class NodePool {

    /** For each node of the problem, in the pool or not, the number of buckets that it has so far. */
    final int[] counts;

    private final int[] capacities;
    /** The nodes in the pool, in order of their index. */
    private final int[] nodes;

    private int size;

    private NodePool(int[] counts, int[] capacities) {
        this.counts = counts;
        this.capacities = capacities;
        this.nodes = new int[capacities.length];
    }

    static NodePool ofEligible(PlanningProblem problem) {
        NodePool pool = new NodePool(new int[problem.nodeCount], problem.capacities);
        for (int i = 0; i < problem.nodeCount; i++) {
            if (problem.isEligible(i)) {
                pool.add(i);
            }
        }
        return pool;
    }

    /** Returns an empty pool that shares the counts of its like. */
    static NodePool empty(PlanningProblem problem, int[] counts) {
        return new NodePool(counts, problem.capacities);
    }

    /** Adds a node; indices have to come in ascending order. */
    void add(int node) {
        nodes[size] = node;
        size++;
    }

    int node(int position) {
        return nodes[position];
    }

    void remove(int position) {
        size--;
        System.arraycopy(nodes, position + 1, nodes, position, size - position);
    }

    /** Returns the position of the node that would have the fewest buckets for its capacity if it got one more. */
    int leastLoaded() {
        int best = 0;
        long bestCount = counts[nodes[0]] + 1L;
        long bestCapacity = capacities[nodes[0]];
        for (int p = 1; p < size; p++) {
            long count = counts[nodes[p]] + 1L;
            long capacity = capacities[nodes[p]];
            if (count * bestCapacity < bestCount * capacity) {
                best = p;
                bestCount = count;
                bestCapacity = capacity;
            }
        }
        return best;
    }

    /** Returns the position of the node that has the most buckets for its capacity. */
    int mostLoaded() {
        int best = 0;
        long bestCount = counts[nodes[0]];
        long bestCapacity = capacities[nodes[0]];
        for (int p = 1; p < size; p++) {
            long count = counts[nodes[p]];
            long capacity = capacities[nodes[p]];
            if (count * bestCapacity > bestCount * capacity) {
                best = p;
                bestCount = count;
                bestCapacity = capacity;
            }
        }
        return best;
    }
}
