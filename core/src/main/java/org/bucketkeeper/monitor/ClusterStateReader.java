package org.bucketkeeper.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.text.JsonMappers;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.membership.LiveNodes;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Reads the cluster's state out of a mirror, parsing only what changed since the last time. To be used on the mirror's
 * loop.
 */
final class ClusterStateReader {

    private static final ObjectMapper JSON = JsonMappers.builder().build();

    private final ClusterLink link;
    private final LiveNodes liveNodes;
    private @Nullable List<LiveNode> nodes;
    private @Nullable Entry assignmentEntry;
    private Assignment assignment = Assignment.unassigned();
    private @Nullable Entry policyEntry;
    private Policy policy = Policy.DEFAULT;

    ClusterStateReader(ClusterLink link) {
        this.link = link;
        this.liveNodes = LiveNodes.in(link.mirror(), link.keys());
    }

    ClusterState read(boolean nodesChanged) {
        List<LiveNode> current = nodes;
        if (nodesChanged || current == null) {
            current = liveNodes.all();
            nodes = current;
        }
        String problem = null;
        try {
            readAssignment();
            readPolicy();
        } catch (IllegalArgumentException e) {
            problem = e.getMessage();
        }
        return new ClusterState(link.mirror().revision(), current, assignment, policy, leaving(), requests(), problem);
    }

    private void readAssignment() {
        Entry entry = link.mirror().get(link.keys().assignment());
        if (entry == null) {
            assignment = Assignment.unassigned();
        } else if (!entry.equals(assignmentEntry)) {
            assignment = Assignment.fromJson(entry.value(), entry.modRevision());
        }
        assignmentEntry = entry;
    }

    private void readPolicy() {
        Entry entry = link.mirror().get(link.keys().policy());
        if (entry == null) {
            policy = Policy.DEFAULT;
        } else if (!entry.equals(policyEntry)) {
            policy = Policy.fromJson(entry.value());
        }
        policyEntry = entry;
    }

    /** A mark counts for the run of the node that made it: another run has another lease. */
    private Set<String> leaving() {
        Set<String> leaving = new HashSet<>();
        for (Entry mark : link.mirror().under(link.keys().leaving()).values()) {
            String nodeId = mark.key().substring(link.keys().leaving().length());
            Entry registration = link.mirror().get(link.keys().node(nodeId));
            if (registration != null && registration.leaseId() == mark.leaseId() && NodeInfo.isNodeId(nodeId)) {
                leaving.add(nodeId);
            }
        }
        return leaving;
    }

    private List<OperatorRequest> requests() {
        List<OperatorRequest> requests = new ArrayList<>();
        for (Entry entry : link.mirror().under(link.keys().requests()).values()) {
            OperatorRequest.Kind kind = kindOf(entry);
            if (kind != null) {
                requests.add(new OperatorRequest(kind, entry));
            }
        }
        requests.sort(Comparator.comparingLong(request -> request.entry().createRevision()));
        return requests;
    }

    /** Returns null for what is answered already and for what this version does not know; both are nobody's to answer. */
    private static OperatorRequest.@Nullable Kind kindOf(Entry entry) {
        try {
            String kind = JSON.readTree(entry.value()).path("request").asText().toUpperCase(Locale.ROOT);
            for (OperatorRequest.Kind known : OperatorRequest.Kind.values()) {
                if (known.name().equals(kind)) {
                    return known;
                }
            }
            return null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
