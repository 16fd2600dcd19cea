package org.bucketkeeper.examples.ctl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.bucketkeeper.assignment.AutomaticBalancing;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.monitor.BucketOverview;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.monitor.NodeCondition;
import org.bucketkeeper.monitor.NodeOverview;

/** Says for people how a cluster stands. */
final class StatusText {

    private static final int MOST_SHOWN = 20;

    private StatusText() {}

    static String of(String where, ClusterOverview overview, SortedMap<String, Duration> leases) {
        List<String> parts = new ArrayList<>();
        parts.add(summary(where, overview));
        parts.add(nodes(overview, leases));
        List<BucketOverview> moving = overview.buckets().stream()
                .filter(BucketOverview::isChangingHands)
                .toList();
        if (!moving.isEmpty()) {
            parts.add(moving(moving));
        }
        return String.join("\n\n", parts);
    }

    private static String summary(String where, ClusterOverview overview) {
        List<String> lines = new ArrayList<>();
        // The place begins with "cluster", as a start line needs it.
        lines.add("Cluster    " + where.replaceFirst("^cluster ", ""));
        lines.add("Monitor    "
                + (overview.leader() == null
                        ? "@|bold,red none leads: nothing moves until one does|@"
                        : overview.leader() + " leads"));
        lines.add("Table      version " + overview.assignment().version() + ", revision "
                + overview.assignment().revision());
        lines.add("Buckets    " + buckets(overview));
        lines.add("Balancing  " + (isAutomatic(overview.policy()) ? "automatic" : "by hand"));
        if (!overview.policy().pins().isEmpty()) {
            lines.add("Pins       "
                    + overview.policy().pins().entrySet().stream()
                            .map(pin -> pin.getKey() + " to " + pin.getValue())
                            .collect(Collectors.joining(", ")));
        }
        if (overview.problem() != null) {
            lines.add("Problem    @|bold,red " + overview.problem() + "|@");
        }
        return String.join("\n", lines);
    }

    static boolean isAutomatic(Policy policy) {
        return policy.automaticBalancing() == AutomaticBalancing.ON;
    }

    private static String buckets(ClusterOverview overview) {
        int settled = 0;
        int moving = 0;
        int unassigned = 0;
        for (BucketOverview bucket : overview.buckets()) {
            if (bucket.isChangingHands()) {
                moving++;
            } else if (bucket.assignedTo() == null) {
                unassigned++;
            } else {
                settled++;
            }
        }
        return settled + " served, " + moving + " changing hands, "
                + (unassigned == 0 ? "0 without a node" : "@|bold,red " + unassigned + " without a node|@");
    }

    private static String nodes(ClusterOverview overview, Map<String, Duration> leases) {
        if (overview.nodes().isEmpty()) {
            return "No node is registered.";
        }
        TextTable table = new TextTable("NODE", "STATE", ">CAPACITY", ">ASSIGNED", ">HELD", ">LEASE", "NODE URL");
        for (NodeOverview node : overview.nodes()) {
            Duration left = leases.get(node.nodeId());
            table.add(
                    node.nodeId(),
                    condition(node.condition()),
                    node.info() == null ? "-" : node.capacity(),
                    node.assigned(),
                    node.held(),
                    left == null ? "-" : left.toSeconds() + " s",
                    node.info() == null ? "-" : node.info().nodeUrl());
        }
        return table.toString();
    }

    private static String condition(NodeCondition condition) {
        String name = CtlJson.name(condition);
        return switch (condition) {
            case LIVE -> "@|green " + name + "|@";
            case CORDONED, DRAINING, LEAVING -> "@|yellow " + name + "|@";
            case GONE -> "@|bold,red " + name + "|@";
        };
    }

    private static String moving(List<BucketOverview> moving) {
        TextTable table = new TextTable("CHANGING HANDS", "HELD BY", "GOES TO", ">TOKEN");
        for (BucketOverview bucket : moving.subList(0, Math.min(MOST_SHOWN, moving.size()))) {
            table.add(
                    bucket.bucket(),
                    bucket.heldBy() == null ? "nobody" : bucket.heldBy(),
                    bucket.assignedTo() == null ? "nobody" : bucket.assignedTo(),
                    bucket.heldBy() == null ? "-" : bucket.fencingToken());
        }
        int more = moving.size() - MOST_SHOWN;
        return table + (more > 0 ? "\nand " + more + " more" : "");
    }
}
