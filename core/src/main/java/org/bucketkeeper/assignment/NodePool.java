package org.bucketkeeper.assignment;

/** The nodes that may still give or get buckets, and how many each has. */
final class NodePool {

    /** For each node of the problem, in the pool or not, the number of buckets that it has so far. */
    final int[] counts;

    private final int[] capacities;
    /** For each node the number of buckets by which ties are broken. */
    private final int[] before;
    /** The nodes in the pool, in order of their index. */
    private final int[] nodes;

    private int size;

    private NodePool(int[] counts, int[] before, int[] capacities) {
        this.counts = counts;
        this.before = before;
        this.capacities = capacities;
        this.nodes = new int[capacities.length];
    }

    /** Returns the pool of those that may get buckets, which takes over {@code counts}; ties go to who had less then. */
    static NodePool ofEligible(PlanningProblem problem, int[] counts) {
        NodePool pool = new NodePool(counts, counts.clone(), problem.capacities);
        for (int i = 0; i < problem.nodeCount; i++) {
            if (problem.isEligible(i)) {
                pool.add(i);
            }
        }
        return pool;
    }

    /** Returns an empty pool that shares the counts of its like; ties go to the smaller node id. */
    static NodePool empty(PlanningProblem problem, int[] counts) {
        return new NodePool(counts, new int[counts.length], problem.capacities);
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
            long difference = count * bestCapacity - bestCount * capacity;
            if (difference < 0
                    || (difference == 0 && before[nodes[p]] * bestCapacity < before[nodes[best]] * capacity)) {
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
