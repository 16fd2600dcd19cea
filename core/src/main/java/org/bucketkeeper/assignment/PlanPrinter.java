package org.bucketkeeper.assignment;

import java.util.Locale;
import org.bucketkeeper.bucket.BucketSet;

/** Prints a plan for an operator. */
final class PlanPrinter {

    private PlanPrinter() {}

    static String print(RebalancePlan plan) {
        StringBuilder text = new StringBuilder();
        text.append(plan.total())
                .append(plan.total() == 1 ? " move" : " moves")
                .append(" (lower bound ")
                .append(plan.lowerBound())
                .append(plan.remaining() == 0 ? "" : ", " + plan.remaining() + " left for later")
                .append("), version ")
                .append(plan.current().version())
                .append(" -> ")
                .append(plan.target().version())
                .append('\n');
        text.append(String.format(
                Locale.ROOT,
                "highest load by capacity %.4g -> %.4g (lower bound %.4g), largest distance from quota %.2f\n",
                plan.relativeLoadBefore(),
                plan.relativeLoadAfter(),
                plan.relativeLoadLowerBound(),
                plan.spread()));
        BucketSet unplaced = plan.unplaced();
        if (!unplaced.isEmpty()) {
            text.append("NO NODE MAY TAKE ")
                    .append(unplaced.size())
                    .append(" buckets that ought to move: ")
                    .append(unplaced)
                    .append('\n');
        }
        text.append('\n').append(nodeTable(plan));
        if (!plan.isEmpty()) {
            text.append('\n').append(moveTable(plan));
        }
        return text.toString();
    }

    private static String nodeTable(RebalancePlan plan) {
        TextTable table =
                new TextTable("NODE", "STATE", ">CAPACITY", ">BEFORE", ">AFTER", ">CHANGE", ">QUOTA", ">LOAD");
        for (NodeShare node : plan.nodes()) {
            int change = node.bucketsAfter() - node.bucketsBefore();
            table.add(
                    node.nodeId(),
                    node.state().name().toLowerCase(Locale.ROOT),
                    Integer.toString(node.capacity()),
                    Integer.toString(node.bucketsBefore()),
                    Integer.toString(node.bucketsAfter()),
                    change == 0 ? "" : String.format(Locale.ROOT, "%+d", change),
                    String.format(Locale.ROOT, "%.2f", node.quota()),
                    String.format(Locale.ROOT, "%.4g", node.loadAfter()));
        }
        int unassignedBefore = plan.current().unassignedBuckets().size();
        int unassignedAfter = plan.target().unassignedBuckets().size();
        if (unassignedBefore > 0) {
            table.add(
                    "(none)",
                    "",
                    "",
                    Integer.toString(unassignedBefore),
                    Integer.toString(unassignedAfter),
                    unassignedAfter == unassignedBefore
                            ? ""
                            : String.format(Locale.ROOT, "%+d", unassignedAfter - unassignedBefore),
                    "",
                    "");
        }
        return table.toString();
    }

    private static String moveTable(RebalancePlan plan) {
        TextTable table = new TextTable("BUCKET", "FROM", "TO", "REASON");
        for (Move move : plan.moves()) {
            String from = move.from();
            table.add(
                    move.bucket().toString(),
                    from == null ? "(none)" : from,
                    move.to(),
                    move.reason().jsonName());
        }
        return table.toString();
    }
}
