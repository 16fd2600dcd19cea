package org.bucketkeeper.testing.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.AutomaticBalancing;
import org.bucketkeeper.assignment.NodeCapacity;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.assignment.Rebalancer;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.internal.mirror.Mirror;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.membership.LiveNodes;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Operation;
import org.bucketkeeper.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Checks every table that a monitor commits: planned from what the monitor knew, with the fewest moves, onto live nodes,
 * by the leader, over the very table it was planned from.
 */
final class PlanCheck {

    private final Violations violations;
    /** What each monitor's machine has been told of last. */
    private final Map<SimulatedProcess, View> views = new HashMap<>();
    /** The revision of each monitor's last commit that it knows of. */
    private final Map<SimulatedProcess, Long> known = new HashMap<>();
    /** By the very text that was sent. */
    private final IdentityHashMap<String, Planned> planned = new IdentityHashMap<>();

    private record View(
            long revision,
            List<LiveNode> nodes,
            @Nullable Entry assignment,
            @Nullable Entry policy,
            Set<String> leaving) {

        Assignment table() {
            return assignment == null
                    ? Assignment.unassigned()
                    : Assignment.fromJson(assignment.value(), assignment.modRevision());
        }

        /** Returns what operators want, and the nodes that want to leave. */
        Policy wishes() {
            Policy wishes = policy == null ? Policy.DEFAULT : Policy.fromJson(policy.value());
            for (String nodeId : leaving) {
                wishes = wishes.drain(nodeId);
            }
            return wishes;
        }

        boolean balancesByItself() {
            return wishes().automaticBalancing() == AutomaticBalancing.ON;
        }

        Set<String> live() {
            Set<String> live = new HashSet<>();
            nodes.forEach(node -> live.add(node.nodeId()));
            return live;
        }
    }

    private record Planned(SimulatedProcess monitor, long fromAssignment) {}

    PlanCheck(Violations violations) {
        this.violations = violations;
    }

    /** Follows what a monitor sees; to be called before the monitor is made, so that it is told first. */
    void follow(SimulatedProcess monitor) {
        Mirror mirror = monitor.link().mirror();
        monitor.link()
                .loop()
                .execute(() -> mirror.subscribe(update -> {
                    View view = new View(
                            update.revision(),
                            LiveNodes.in(mirror, World.KEYS).all(),
                            mirror.get(World.KEYS.assignment()),
                            mirror.get(World.KEYS.policy()),
                            leaving(mirror));
                    // Runs just before the monitor's own event of the same update.
                    monitor.link().loop().execute(() -> views.put(monitor, view));
                }));
    }

    private static Set<String> leaving(Mirror mirror) {
        Set<String> leaving = new TreeSet<>();
        for (Entry mark : mirror.under(World.KEYS.leaving()).values()) {
            String nodeId = mark.key().substring(World.KEYS.leaving().length());
            Entry registration = mirror.get(World.KEYS.node(nodeId));
            if (registration != null && registration.leaseId() == mark.leaseId()) {
                leaving.add(nodeId);
            }
        }
        return leaving;
    }

    void onCommitted(SimulatedProcess process, long revision) {
        known.merge(process, revision, Math::max);
    }

    void onCommit(SimulatedProcess process, Transaction transaction) {
        for (Operation operation : transaction.operations()) {
            if (operation instanceof Operation.Put put && put.key().equals(World.KEYS.assignment())) {
                View view = views.get(process);
                if (view == null) {
                    violations.report("plans need a view", process + " commits a table and has seen nothing");
                    return;
                }
                if (view.revision() < known.getOrDefault(process, 0L)) {
                    violations.report(
                            "plans are made from what is known",
                            process + " knows of its commit at revision " + known.get(process)
                                    + " and plans from revision " + view.revision());
                }
                planned.put(
                        put.value(),
                        new Planned(
                                process,
                                view.assignment() == null
                                        ? 0
                                        : view.assignment().modRevision()));
                check(process, view, Assignment.fromJson(put.value(), 0), answersRequest(transaction));
            }
        }
    }

    /** A table was committed over {@code before} while {@code leader} stood in the store. */
    void onAssignment(Entry entry, @Nullable Entry before, @Nullable Entry leader) {
        Planned plan = planned.get(entry.value());
        if (plan == null) {
            violations.report("only monitors assign", "the table at revision " + entry.modRevision());
            return;
        }
        long over = before == null ? 0 : before.modRevision();
        if (over != plan.fromAssignment()) {
            violations.report(
                    "a table replaces the one it was planned from",
                    plan.monitor() + " planned from revision " + plan.fromAssignment() + " and replaced " + over);
        }
        if (leader == null || !leader.value().contains("\"" + plan.monitor().name() + "\"")) {
            violations.report(
                    "only the leader assigns",
                    plan.monitor() + " committed while the leader was " + (leader == null ? "nobody" : leader.value()));
        }
    }

    private static boolean answersRequest(Transaction transaction) {
        return transaction.operations().stream()
                .anyMatch(operation ->
                        operation instanceof Operation.Put put && put.key().startsWith(World.KEYS.requests()));
    }

    private void check(SimulatedProcess monitor, View view, Assignment table, boolean asked) {
        Assignment before = view.table();
        List<NodeCapacity> capacities = new ArrayList<>();
        view.nodes()
                .forEach(node -> capacities.add(
                        new NodeCapacity(node.nodeId(), node.info().capacity())));
        RebalancePlan keep = Rebalancer.plan(before, capacities, view.wishes(), RebalanceMode.KEEP);
        RebalancePlan balance = Rebalancer.plan(before, capacities, view.wishes(), RebalanceMode.BALANCE);
        int moves = table.differenceTo(before).size();
        boolean kept = table.differenceTo(keep.target()).isEmpty();
        boolean balanced = table.differenceTo(balance.target()).isEmpty()
                || table.differenceTo(balance.limitedTo(MonitorProcess.WAVE).target())
                        .isEmpty();
        String what = monitor + " at revision " + view.revision() + " with " + view.live() + " moves " + moves;
        if (!kept && !balanced) {
            violations.report("a table is what was planned from the view", what);
        } else if (!kept && !asked && before.revision() > 0 && !view.balancesByItself()) {
            violations.report("moves are the fewest", what + " to even out the load, and nobody asked for that");
        } else if (moves > (kept ? keep : balance).lowerBound()) {
            violations.report("moves are the fewest", what + " instead of " + keep.lowerBound());
        } else if (kept && !balanced && view.wishes().pins().isEmpty() && moves != mustMove(before, view)) {
            violations.report("moves are the fewest", what + " and " + mustMove(before, view) + " must");
        }
        for (Bucket bucket : table.differenceTo(before)) {
            String owner = table.nodeOf(bucket);
            if (owner == null || !view.live().contains(owner)) {
                violations.report("buckets move to live nodes", what + ", " + bucket + " to " + owner);
            }
        }
    }

    /** Counts the buckets without a live owner and those of draining nodes, without the planner's help. */
    private static int mustMove(Assignment before, View view) {
        int count = 0;
        for (int i = 0; i < Bucket.COUNT; i++) {
            String owner = before.nodeOf(Bucket.of(i));
            if (owner == null
                    || !view.live().contains(owner)
                    || view.wishes().draining().contains(owner)) {
                count++;
            }
        }
        return count;
    }
}
