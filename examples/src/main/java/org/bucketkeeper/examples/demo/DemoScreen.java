package org.bucketkeeper.examples.demo;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.Move;
import org.bucketkeeper.assignment.NodeShare;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;

/** Writes the demonstration to a terminal of 80 columns, and counts what held and what did not. */
final class DemoScreen {

    private static final int WIDTH = 80;
    private static final String INDENT = "  ";

    private final PrintWriter out;
    private final Paint paint;
    private final NodeMarks marks = new NodeMarks();
    private final BucketPicture picture;
    private int checks;
    private int failures;

    DemoScreen(PrintWriter out, Paint paint) {
        this.out = out;
        this.paint = paint;
        this.picture = new BucketPicture(marks, paint);
    }

    /** Begins a step. */
    void step(int number, String title) {
        line("");
        line(paint.strong(number + ". " + title));
    }

    /** Writes running text, broken between words. */
    void text(String text) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && INDENT.length() + line.length() + 1 + word.length() > WIDTH) {
                line(INDENT + line);
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        line(INDENT + line);
    }

    void picture(Assignment table, BucketSet moved, List<String> nodeIds) {
        line("");
        picture.draw(table, moved, nodeIds).forEach(this::line);
        line("");
    }

    void route(SampleBase base, String nodeId) {
        Bucket bucket = Bucket.of(base.uuid());
        String end = " -> " + bucket + " -> " + badge(nodeId) + nodeId;
        line(INDENT + "route " + base.dashed() + end);
        line(INDENT + "      " + base.undashed() + "    " + end);
    }

    void plan(RebalancePlan plan) {
        line("");
        line(INDENT
                + paint.strong("The plan, before anything happens: " + plan.total() + " moves, lower bound "
                        + plan.lowerBound()));
        line("");
        line(INDENT + "  node              before  after   quota");
        for (NodeShare node : plan.nodes()) {
            line(INDENT
                    + badge(node.nodeId())
                    + String.format(
                            Locale.ROOT,
                            "%-16s %7d %6d %7.2f",
                            node.nodeId(),
                            node.bucketsBefore(),
                            node.bucketsAfter(),
                            node.quota()));
        }
        line("");
        movesByWay(plan).forEach((way, buckets) -> line(shortened(INDENT + way + ": " + buckets)));
    }

    private Map<String, BucketSet> movesByWay(RebalancePlan plan) {
        Map<String, BucketSet> byWay = new TreeMap<>();
        for (Move move : plan.moves()) {
            String from = move.from();
            String way = (from == null ? "none" : letter(from)) + " -> " + letter(move.to());
            byWay.merge(way, BucketSet.of(move.bucket()), BucketSet::union);
        }
        Map<String, BucketSet> counted = new TreeMap<>();
        byWay.forEach((way, buckets) -> counted.put(way + String.format(Locale.ROOT, " %3d", buckets.size()), buckets));
        return counted;
    }

    private static String shortened(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 4) + " ...";
    }

    void check(Check check) {
        checks++;
        if (check.holds()) {
            line(INDENT + paint.good("ok ") + " " + check.claim());
        } else {
            failures++;
            line(INDENT + paint.bad("OFF") + " " + check.claim() + ": " + check.objection());
        }
    }

    /** Sums up the checks and returns whether all held. */
    boolean verdict() {
        line("");
        if (failures == 0) {
            line(paint.good("All " + checks + " checks hold."));
        } else {
            line(paint.bad(failures + " of " + checks + " checks do not hold; see the lines that begin with OFF."));
        }
        return failures == 0;
    }

    void line(String line) {
        out.println(line);
        out.flush();
    }

    private String badge(String nodeId) {
        NodeMark mark = marks.of(nodeId);
        return paint.onBackground(mark.colour(), String.valueOf(mark.letter())) + " ";
    }

    private String letter(String nodeId) {
        return String.valueOf(marks.of(nodeId).letter());
    }
}
