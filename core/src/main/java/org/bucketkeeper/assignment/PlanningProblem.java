package org.bucketkeeper.assignment;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.bucketkeeper.bucket.Bucket;

/**
 * The question that a planner answers, with nodes and buckets as plain indices. Nodes are in the order of their ids, so
 * that the smaller index is the smaller id, and the order in which they were given cannot matter.
 *
 * <p>The number of buckets is free, so that tests can try out every answer to small questions.
 */
final class PlanningProblem {

    /** Stands for no node. */
    static final int NONE = -1;

    /** Keeps the products of the planners' arithmetic inside a long. */
    private static final int MAX_NODES = 1_000_000;

    final int bucketCount;
    final int nodeCount;
    final String[] ids;
    final int[] capacities;
    final NodeState[] states;
    /** The node that has each bucket, or {@link #NONE}. */
    final int[] owners;
    /** The node that each bucket is pinned to and can go to, or {@link #NONE}. */
    final int[] pins;

    /**
     * Takes the arrays, which nobody changes any more.
     *
     * @param pins where buckets are wished, whether that node can take them or not
     */
    PlanningProblem(String[] ids, int[] capacities, NodeState[] states, int[] owners, int[] pins) {
        this.bucketCount = owners.length;
        this.nodeCount = ids.length;
        this.ids = ids;
        this.capacities = capacities;
        this.states = states;
        this.owners = owners;
        this.pins = pins;
        for (int b = 0; b < pins.length; b++) {
            int node = pins[b];
            if (node != NONE && (states[node] == NodeState.GONE || states[node] == NodeState.DRAINING)) {
                pins[b] = NONE;
            }
        }
    }

    static PlanningProblem of(Assignment current, Collection<NodeCapacity> liveNodes, Policy policy) {
        NodeCapacity[] live = sorted(liveNodes);
        String[] assigned = current.sortedNodeIds();
        int most = live.length + assigned.length;
        String[] ids = new String[most];
        int[] capacities = new int[most];
        NodeState[] states = new NodeState[most];
        int[] indexOfAssigned = new int[assigned.length];
        int count = 0;
        int l = 0;
        int a = 0;
        while (l < live.length || a < assigned.length) {
            int order = order(live, l, assigned, a);
            if (order <= 0) {
                NodeCapacity node = live[l];
                ids[count] = node.nodeId();
                capacities[count] = capacity(policy, node);
                states[count] = liveState(policy, node.nodeId());
                l++;
            } else {
                ids[count] = assigned[a];
                states[count] = NodeState.GONE;
            }
            if (order >= 0) {
                indexOfAssigned[a] = count;
                a++;
            }
            count++;
        }
        String[] usedIds = Arrays.copyOf(ids, count);
        int[] owners = new int[Bucket.COUNT];
        for (int b = 0; b < Bucket.COUNT; b++) {
            int owner = current.ownerIndex(b);
            owners[b] = owner < 0 ? NONE : indexOfAssigned[owner];
        }
        return new PlanningProblem(usedIds, capacities, states, owners, pins(policy, usedIds));
    }

    private static NodeCapacity[] sorted(Collection<NodeCapacity> liveNodes) {
        NodeCapacity[] live = liveNodes.toArray(new NodeCapacity[0]);
        if (live.length > MAX_NODES) {
            throw new IllegalArgumentException("nodes must be at most " + MAX_NODES + ", but are " + live.length);
        }
        Arrays.sort(live, (x, y) -> x.nodeId().compareTo(y.nodeId()));
        for (int i = 1; i < live.length; i++) {
            if (live[i].nodeId().equals(live[i - 1].nodeId())) {
                throw new IllegalArgumentException(
                        "nodes must name each node once, but name " + live[i].nodeId() + " twice");
            }
        }
        return live;
    }

    /** Compares the next live node with the next one that the table names; whichever list has ended comes last. */
    private static int order(NodeCapacity[] live, int l, String[] assigned, int a) {
        if (l == live.length) {
            return 1;
        }
        if (a == assigned.length) {
            return -1;
        }
        return live[l].nodeId().compareTo(assigned[a]);
    }

    private static int capacity(Policy policy, NodeCapacity node) {
        Integer override =
                policy.capacities().isEmpty() ? null : policy.capacities().get(node.nodeId());
        return override == null ? node.capacity() : override;
    }

    private static NodeState liveState(Policy policy, String nodeId) {
        if (!policy.draining().isEmpty() && policy.draining().contains(nodeId)) {
            return NodeState.DRAINING;
        }
        if (!policy.cordoned().isEmpty() && policy.cordoned().contains(nodeId)) {
            return NodeState.CORDONED;
        }
        return NodeState.ELIGIBLE;
    }

    private static int[] pins(Policy policy, String[] ids) {
        int[] pins = new int[Bucket.COUNT];
        Arrays.fill(pins, NONE);
        if (!policy.pins().isEmpty()) {
            for (Map.Entry<Bucket, String> pin : policy.pins().entrySet()) {
                pins[pin.getKey().index()] = Math.max(NONE, Arrays.binarySearch(ids, pin.getValue()));
            }
        }
        return pins;
    }

    boolean isEligible(int node) {
        return states[node] == NodeState.ELIGIBLE;
    }

    /** Says why the bucket moves, if it does. */
    MoveReason reason(int bucket) {
        int owner = owners[bucket];
        if (owner == NONE) {
            return MoveReason.UNASSIGNED;
        }
        if (states[owner] == NodeState.GONE) {
            return MoveReason.OWNER_LOST;
        }
        if (states[owner] == NodeState.DRAINING) {
            return MoveReason.DRAIN;
        }
        return pins[bucket] != NONE && pins[bucket] != owner ? MoveReason.PIN : MoveReason.BALANCE;
    }
}
