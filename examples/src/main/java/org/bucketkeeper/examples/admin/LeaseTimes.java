package org.bucketkeeper.examples.admin;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bucketkeeper.monitor.ClusterOperator;
import org.jspecify.annotations.Nullable;

/**
 * How much is left of each node's lease, asked from the store every now and then: however many look at the page, the
 * store is asked once. Thread-safe.
 */
final class LeaseTimes {

    private final Map<String, Duration> longest = new ConcurrentHashMap<>();
    private volatile Map<String, Duration> left = Map.of();

    /** Asks the store; what cannot be had is not known until it can. */
    void refresh(ClusterOperator operator) {
        operator.leaseTimes().whenComplete((times, failure) -> {
            left = failure == null ? Map.copyOf(times) : Map.of();
            left.forEach(
                    (node, time) -> longest.merge(node, time, (one, other) -> one.compareTo(other) > 0 ? one : other));
        });
    }

    /** Returns what was left when the store was last asked; null if that is not known. */
    @Nullable Duration left(String node) {
        return left.get(node);
    }

    /** Returns the most that was ever left of a node's lease, which is about its time to live; null if not known. */
    @Nullable Duration whole(String node) {
        return longest.get(node);
    }
}
