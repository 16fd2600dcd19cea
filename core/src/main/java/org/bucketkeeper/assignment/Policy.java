package org.bucketkeeper.assignment;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * Holds what operators want of the assignment, apart from balance: which nodes to spare, which buckets to hold where,
 * and how large nodes are.
 *
 * <p>The policy may name nodes that are not live; that takes effect when they are. Where wishes meet, draining wins
 * over a pin, and a pin wins over a cordon.
 *
 * <p>Immutable and thread-safe: the methods that change something return a new policy.
 */
public final class Policy {

    /** No wishes; the monitor moves only what has to move. */
    public static final Policy DEFAULT =
            new Policy(new TreeSet<>(), new TreeSet<>(), new TreeMap<>(), new TreeMap<>(), AutomaticBalancing.OFF);

    private final SortedSet<String> cordoned;
    private final SortedSet<String> draining;
    private final SortedMap<Bucket, String> pins;
    private final SortedMap<String, Integer> capacities;
    private final AutomaticBalancing automaticBalancing;

    /** Takes checked collections that nobody changes any more. */
    Policy(
            SortedSet<String> cordoned,
            SortedSet<String> draining,
            SortedMap<Bucket, String> pins,
            SortedMap<String, Integer> capacities,
            AutomaticBalancing automaticBalancing) {
        this.cordoned = Collections.unmodifiableSortedSet(cordoned);
        this.draining = Collections.unmodifiableSortedSet(draining);
        this.pins = Collections.unmodifiableSortedMap(pins);
        this.capacities = Collections.unmodifiableSortedMap(capacities);
        this.automaticBalancing = automaticBalancing;
    }

    /**
     * Reads a policy as {@link #toJson()} writes it. Every field may be missing; fields that this version does not
     * know are ignored.
     *
     * @throws IllegalArgumentException if the text is no such policy; the message names the field, its value and what
     *     was expected
     */
    public static Policy fromJson(String json) {
        return PolicyCodec.read(json);
    }

    /**
     * Returns the text to store, such as {@code {"cordoned":["a"],"draining":["b"],"pins":{"3f":"a"},
     * "capacities":{"a":200},"auto_rebalance":false}}. Every field is written, nodes and buckets in order; equal
     * policies give equal text.
     */
    public String toJson() {
        return PolicyCodec.write(this);
    }

    /**
     * Returns this policy with a node cordoned: it keeps its buckets and gets none that is not pinned to it.
     *
     * @throws IllegalArgumentException if {@code nodeId} is no node id
     */
    public Policy cordon(String nodeId) {
        return new Policy(with(cordoned, nodeId), draining, pins, capacities, automaticBalancing);
    }

    /** Returns this policy with a node not cordoned; changes nothing if it is not. */
    public Policy uncordon(String nodeId) {
        return new Policy(without(cordoned, nodeId), draining, pins, capacities, automaticBalancing);
    }

    /**
     * Returns this policy with a node draining: it gives every bucket away and gets none, not even a pinned one.
     *
     * @throws IllegalArgumentException if {@code nodeId} is no node id
     */
    public Policy drain(String nodeId) {
        return new Policy(cordoned, with(draining, nodeId), pins, capacities, automaticBalancing);
    }

    /** Returns this policy with a node not draining; changes nothing if it is not. It may still be cordoned. */
    public Policy undrain(String nodeId) {
        return new Policy(cordoned, without(draining, nodeId), pins, capacities, automaticBalancing);
    }

    /**
     * Returns this policy with a bucket held on a node for as long as that is live and not draining. A bucket has at
     * most one pin: this one takes the place of an older.
     *
     * @throws IllegalArgumentException if {@code nodeId} is no node id
     */
    public Policy pin(Bucket bucket, String nodeId) {
        TreeMap<Bucket, String> changed = new TreeMap<>(pins);
        changed.put(bucket, NodeIds.require("node_id", nodeId));
        return new Policy(cordoned, draining, changed, capacities, automaticBalancing);
    }

    /** Returns this policy with a bucket not pinned; changes nothing if it is not. */
    public Policy unpin(Bucket bucket) {
        TreeMap<Bucket, String> changed = new TreeMap<>(pins);
        changed.remove(bucket);
        return new Policy(cordoned, draining, changed, capacities, automaticBalancing);
    }

    /**
     * Returns this policy with a capacity for a node in place of the one that it registers with.
     *
     * @param capacity its share relative to other nodes; 1 to 1,000,000
     * @throws IllegalArgumentException if {@code nodeId} is no node id, or the capacity is outside its range
     */
    public Policy withCapacity(String nodeId, int capacity) {
        TreeMap<String, Integer> changed = new TreeMap<>(capacities);
        changed.put(NodeIds.require("node_id", nodeId), NodeCapacity.requireCapacity("capacity", capacity));
        return new Policy(cordoned, draining, pins, changed, automaticBalancing);
    }

    /** Returns this policy with a node at the capacity that it registers with. */
    public Policy withoutCapacity(String nodeId) {
        TreeMap<String, Integer> changed = new TreeMap<>(capacities);
        changed.remove(nodeId);
        return new Policy(cordoned, draining, pins, changed, automaticBalancing);
    }

    /** Returns this policy with automatic balancing on or off. */
    public Policy withAutomaticBalancing(AutomaticBalancing balancing) {
        return new Policy(cordoned, draining, pins, capacities, balancing);
    }

    private static SortedSet<String> with(SortedSet<String> nodes, String nodeId) {
        TreeSet<String> changed = new TreeSet<>(nodes);
        changed.add(NodeIds.require("node_id", nodeId));
        return changed;
    }

    private static SortedSet<String> without(SortedSet<String> nodes, String nodeId) {
        TreeSet<String> changed = new TreeSet<>(nodes);
        changed.remove(nodeId);
        return changed;
    }

    /** Returns the cordoned nodes; cannot be changed. */
    public SortedSet<String> cordoned() {
        return cordoned;
    }

    /** Returns the draining nodes; cannot be changed. */
    public SortedSet<String> draining() {
        return draining;
    }

    /** Returns the node of each pinned bucket; cannot be changed. */
    public SortedMap<Bucket, String> pins() {
        return pins;
    }

    /** Returns the capacities that take the place of registered ones; cannot be changed. */
    public SortedMap<String, Integer> capacities() {
        return capacities;
    }

    /** Tells whether the monitor balances by itself. */
    public AutomaticBalancing automaticBalancing() {
        return automaticBalancing;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Policy that
                && cordoned.equals(that.cordoned)
                && draining.equals(that.draining)
                && pins.equals(that.pins)
                && capacities.equals(that.capacities)
                && automaticBalancing == that.automaticBalancing;
    }

    @Override
    public int hashCode() {
        return ((cordoned.hashCode() * 31 + draining.hashCode()) * 31 + pins.hashCode()) * 31 + capacities.hashCode();
    }

    @Override
    public String toString() {
        return "Policy[cordoned=" + cordoned + ", draining=" + draining + ", pins=" + pins + ", capacities="
                + capacities + ", automaticBalancing=" + automaticBalancing + "]";
    }
}
