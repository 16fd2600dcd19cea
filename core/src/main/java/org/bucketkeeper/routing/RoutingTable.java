package org.bucketkeeper.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/**
 * The routes of all buckets at one moment. Keeps what it knew of a node that the assignment still names after its
 * registration vanished, so that requests go to where the bucket may well be until it is assigned anew.
 */
final class RoutingTable {

    static final RoutingTable EMPTY = new RoutingTable(Assignment.unassigned(), Map.of(), nodeId -> null);

    private final Assignment assignment;
    private final Map<String, NodeInfo> liveNodes;
    private final Map<String, NodeInfo> namedNodes = new HashMap<>();
    private final @Nullable Route[] routes = new Route[Bucket.COUNT];

    private RoutingTable(
            Assignment assignment, Map<String, NodeInfo> liveNodes, Function<String, @Nullable NodeInfo> nodes) {
        this.assignment = assignment;
        this.liveNodes = liveNodes;
        for (String nodeId : assignment.nodes()) {
            NodeInfo node = nodes.apply(nodeId);
            if (node != null) {
                namedNodes.put(nodeId, node);
            }
        }
        for (int i = 0; i < Bucket.COUNT; i++) {
            Bucket bucket = Bucket.of(i);
            String nodeId = assignment.nodeOf(bucket);
            NodeInfo node = nodeId == null ? null : namedNodes.get(nodeId);
            routes[i] = node == null ? null : new Route(bucket, node, assignment.revision());
        }
    }

    /**
     * Returns the table that follows this one.
     *
     * @param newLiveNodes the registered nodes by name; never changed afterwards
     */
    RoutingTable next(Assignment newAssignment, Map<String, NodeInfo> newLiveNodes) {
        return new RoutingTable(newAssignment, newLiveNodes, nodeId -> {
            NodeInfo live = newLiveNodes.get(nodeId);
            NodeInfo named = live == null ? namedNodes.get(nodeId) : live;
            return named == null ? liveNodes.get(nodeId) : named;
        });
    }

    Map<String, NodeInfo> liveNodes() {
        return liveNodes;
    }

    Assignment assignment() {
        return assignment;
    }

    /** Returns the routes by bucket index; null where nobody serves the bucket. Never written after construction. */
    @Nullable Route[] routes() {
        return routes;
    }

    List<RouteChange> changesSince(RoutingTable earlier) {
        List<RouteChange> changes = new ArrayList<>();
        for (int i = 0; i < Bucket.COUNT; i++) {
            NodeInfo from = nodeOf(earlier.routes[i]);
            NodeInfo to = nodeOf(routes[i]);
            if (!Objects.equals(from, to)) {
                changes.add(new RouteChange(Bucket.of(i), from, to));
            }
        }
        return List.copyOf(changes);
    }

    private static @Nullable NodeInfo nodeOf(@Nullable Route route) {
        return route == null ? null : route.node();
    }
}
