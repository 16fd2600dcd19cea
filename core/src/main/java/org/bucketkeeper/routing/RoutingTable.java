package org.bucketkeeper.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/**
 * The routes of all buckets at one moment. Keeps what it knew of a node that the assignment still names after its
 * registration vanished, so that requests go to where the bucket may well be until it is assigned anew.
 */
final class RoutingTable {

    static final RoutingTable EMPTY = new RoutingTable(Assignment.unassigned(), Map.of());

    private final Assignment assignment;
    private final Map<String, NodeInfo> knownNodes;
    private final @Nullable Route[] routes = new Route[Bucket.COUNT];

    private RoutingTable(Assignment assignment, Map<String, NodeInfo> knownNodes) {
        this.assignment = assignment;
        this.knownNodes = knownNodes;
        for (int i = 0; i < Bucket.COUNT; i++) {
            Bucket bucket = Bucket.of(i);
            String nodeId = assignment.nodeOf(bucket);
            NodeInfo node = nodeId == null ? null : knownNodes.get(nodeId);
            routes[i] = node == null ? null : new Route(bucket, node, assignment.revision());
        }
    }

    /** Returns the table that follows this one. */
    RoutingTable next(Assignment newAssignment, List<LiveNode> liveNodes) {
        Map<String, NodeInfo> known = new HashMap<>();
        for (String nodeId : newAssignment.nodes()) {
            NodeInfo info = knownNodes.get(nodeId);
            if (info != null) {
                known.put(nodeId, info);
            }
        }
        for (LiveNode node : liveNodes) {
            known.put(node.nodeId(), node.info());
        }
        return new RoutingTable(newAssignment, Map.copyOf(known));
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
