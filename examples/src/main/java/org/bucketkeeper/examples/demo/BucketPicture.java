package org.bucketkeeper.examples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.jspecify.annotations.Nullable;

/**
 * Draws who has which bucket: a square of 16 by 16 cells, the row being the first digit of the bucket and the column
 * the second, beside a legend of the nodes. Never wider than 80 columns, for node ids of at most 16 characters.
 */
final class BucketPicture {

    private static final int SIDE = 16;
    private static final int LONGEST_BAR = 17;
    private static final String NO_LEGEND = "";

    private final NodeMarks marks;
    private final Paint paint;

    BucketPicture(NodeMarks marks, Paint paint) {
        this.marks = marks;
        this.paint = paint;
    }

    /**
     * Returns the lines of the picture.
     *
     * @param moved the buckets to point out with a star and, in colour, by dimming the others
     * @param nodeIds the nodes of the legend, in its order
     */
    List<String> draw(Assignment assignment, BucketSet moved, List<String> nodeIds) {
        List<String> legend = legend(assignment, moved, nodeIds);
        List<String> lines = new ArrayList<>();
        lines.add("      0 1 2 3 4 5 6 7 8 9 a b c d e f   " + legend.get(0));
        for (int row = 0; row < Math.max(SIDE, legend.size() - 1); row++) {
            String cells = row < SIDE ? cells(row, assignment, moved) : " ".repeat(6 + 2 * SIDE);
            String beside = row + 1 < legend.size() ? legend.get(row + 1) : NO_LEGEND;
            lines.add((cells + "  " + beside).stripTrailing());
        }
        return lines;
    }

    private String cells(int row, Assignment assignment, BucketSet moved) {
        StringBuilder line =
                new StringBuilder("   ").append(Integer.toHexString(row)).append("  ");
        for (int column = 0; column < SIDE; column++) {
            Bucket bucket = Bucket.of(row * SIDE + column);
            line.append(cell(assignment.nodeOf(bucket), moved.contains(bucket), !moved.isEmpty()));
        }
        return line.toString();
    }

    private String cell(@Nullable String nodeId, boolean moved, boolean anyMoved) {
        if (nodeId == null) {
            return paint.bad("? ");
        }
        NodeMark mark = marks.of(nodeId);
        Rgb background = anyMoved && !moved ? mark.colour().dimmed() : mark.colour();
        return paint.onBackground(background, mark.letter() + (moved ? "*" : " "));
    }

    private List<String> legend(Assignment assignment, BucketSet moved, List<String> nodeIds) {
        List<String> legend = new ArrayList<>();
        legend.add("  node              buckets");
        int largest = nodeIds.stream().mapToInt(assignment::count).max().orElse(0);
        for (String nodeId : nodeIds) {
            NodeMark mark = marks.of(nodeId);
            int count = assignment.count(nodeId);
            int gained = assignment.bucketsOf(nodeId).intersection(moved).size();
            legend.add(paint.onBackground(mark.colour(), String.valueOf(mark.letter()))
                    + String.format(Locale.ROOT, " %-16s %3d ", nodeId, count)
                    + bar(mark, count - gained, gained, largest, !moved.isEmpty()));
        }
        if (!moved.isEmpty()) {
            legend.add("");
            legend.add("* moved in this step: " + moved.size());
        }
        return legend;
    }

    /** Draws what the node kept and, to the right of it, what it gained. */
    private String bar(NodeMark mark, int kept, int gained, int largest, boolean anyMoved) {
        int whole = scaled(kept + gained, largest);
        int keptPart = Math.min(whole, scaled(kept, largest));
        Rgb keptColour = anyMoved ? mark.colour().dimmed() : mark.colour();
        return paint.bar(keptColour, keptPart) + paint.onBackground(mark.colour(), "*".repeat(whole - keptPart));
    }

    /** Every node that has a bucket has a bar, and the node with the most has the longest. */
    private static int scaled(int count, int largest) {
        return largest == 0 ? 0 : (count * LONGEST_BAR + largest - 1) / largest;
    }
}
