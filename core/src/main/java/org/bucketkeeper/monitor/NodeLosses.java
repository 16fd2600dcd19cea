package org.bucketkeeper.monitor;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Remembers which nodes vanished lately, to tell the loss of a node or two from the loss of most of the cluster: the
 * latter is more often a fault of the network or of the store than of the nodes.
 */
final class NodeLosses {

    private static final int SMALLEST_CLUSTER = 3;

    private final long windowNanos;
    private final Set<String> everSeen = new HashSet<>();
    private final Map<String, Long> lostAt = new LinkedHashMap<>();
    private Set<String> live = Set.of();
    private Set<String> leaving = Set.of();

    NodeLosses(long windowNanos) {
        this.windowNanos = windowNanos;
    }

    /**
     * Takes note of who is alive now. A node that is gone is not counted as lost if it is in {@code expectedToLeave}, or
     * was when it was last seen: the mark may go with the node.
     */
    void observe(Set<String> liveNow, Set<String> expectedToLeave, long now) {
        for (String node : live) {
            if (!liveNow.contains(node) && !expectedToLeave.contains(node) && !leaving.contains(node)) {
                lostAt.put(node, now);
            }
        }
        lostAt.keySet().removeAll(liveNow);
        everSeen.addAll(liveNow);
        live = Set.copyOf(liveNow);
        leaving = Set.copyOf(expectedToLeave);
    }

    /** Counts as lost, from now, an owner that was never seen alive. */
    void countUnseen(Set<String> owners, long now) {
        for (String owner : owners) {
            if (!everSeen.contains(owner) && !live.contains(owner)) {
                everSeen.add(owner);
                lostAt.put(owner, now);
            }
        }
    }

    /** Tells whether one of {@code owners} is missing and was never seen alive. */
    boolean anyUnseen(Set<String> owners) {
        return !everSeen.containsAll(owners);
    }

    /** Forgets losses that are older than the window, unless the lost node's buckets still wait to be moved. */
    void forgetOld(Set<String> owners, long now) {
        lostAt.entrySet().removeIf(loss -> now - loss.getValue() > windowNanos && !owners.contains(loss.getKey()));
    }

    /** Forgets all losses: they have been dealt with. */
    void forgetAll() {
        lostAt.clear();
    }

    /** Tells whether more than half of a cluster of at least three nodes is lost. */
    boolean isMassLoss() {
        int before = live.size() + lostAt.size();
        return before >= SMALLEST_CLUSTER && lostAt.size() * 2 > before;
    }

    /** Returns the nodes that are counted as lost, ordered by name. */
    Set<String> lost() {
        return new TreeSet<>(lostAt.keySet());
    }
}
