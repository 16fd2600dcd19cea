package org.bucketkeeper.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.internal.cluster.ClaimValue;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.text.JsonMappers;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;

/** Puts together how the cluster stands. To be used on the link's loop. */
final class OverviewReader {

    private static final ObjectMapper JSON = JsonMappers.builder().build();

    private final ClusterLink link;

    OverviewReader(ClusterLink link) {
        this.link = link;
    }

    ClusterOverview read(ClusterState state) {
        Map<String, Integer> held = new HashMap<>();
        List<BucketOverview> buckets = new ArrayList<>();
        for (int i = 0; i < Bucket.COUNT; i++) {
            BucketOverview bucket = bucket(state, Bucket.of(i));
            if (bucket.heldBy() != null) {
                held.merge(bucket.heldBy(), 1, Integer::sum);
            }
            buckets.add(bucket);
        }
        return new ClusterOverview(
                link.keys().prefix(),
                state.revision(),
                leader(),
                state.assignment(),
                state.policy(),
                nodes(state, held),
                buckets,
                state.problem());
    }

    private BucketOverview bucket(ClusterState state, Bucket bucket) {
        Entry claim = link.mirror().get(link.keys().claim(bucket));
        ClaimValue holder = claim == null ? null : ClaimValue.read(claim.value());
        return new BucketOverview(
                bucket,
                state.assignment().nodeOf(bucket),
                holder == null ? null : holder.nodeId(),
                claim == null ? 0 : claim.createRevision());
    }

    private static List<NodeOverview> nodes(ClusterState state, Map<String, Integer> held) {
        Map<String, LiveNode> live = new HashMap<>();
        state.nodes().forEach(node -> live.put(node.nodeId(), node));
        TreeSet<String> names = new TreeSet<>(state.assignment().nodes());
        names.addAll(held.keySet());
        names.addAll(live.keySet());
        List<NodeOverview> nodes = new ArrayList<>();
        for (String name : names) {
            LiveNode node = live.get(name);
            nodes.add(new NodeOverview(
                    name,
                    node == null ? null : node.info(),
                    condition(state, name, node),
                    node == null ? 0 : capacity(state.policy(), node),
                    state.assignment().count(name),
                    held.getOrDefault(name, 0)));
        }
        return nodes;
    }

    private static int capacity(Policy policy, LiveNode node) {
        return policy.capacities().getOrDefault(node.nodeId(), node.info().capacity());
    }

    private static NodeCondition condition(ClusterState state, String name, @Nullable LiveNode node) {
        if (node == null) {
            return NodeCondition.GONE;
        }
        if (state.leaving().contains(name)) {
            return NodeCondition.LEAVING;
        }
        if (state.policy().draining().contains(name)) {
            return NodeCondition.DRAINING;
        }
        return state.policy().cordoned().contains(name) ? NodeCondition.CORDONED : NodeCondition.LIVE;
    }

    private @Nullable String leader() {
        Entry leader = link.mirror().get(link.keys().monitor());
        if (leader == null) {
            return null;
        }
        try {
            return JSON.readTree(leader.value()).path("monitor_id").asText("unnamed");
        } catch (JsonProcessingException e) {
            return "unreadable";
        }
    }
}
