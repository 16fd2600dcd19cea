package org.bucketkeeper.assignment;

import java.util.ArrayList;
import java.util.List;

/** Aligns columns of text. A title that starts with {@code >} makes its column align to the right. */
final class TextTable {

    private static final String GAP = "  ";

    private final String[] titles;
    private final boolean[] right;
    private final int[] widths;
    private final List<String[]> rows = new ArrayList<>();

    TextTable(String... columns) {
        titles = new String[columns.length];
        right = new boolean[columns.length];
        widths = new int[columns.length];
        for (int c = 0; c < columns.length; c++) {
            right[c] = columns[c].startsWith(">");
            titles[c] = right[c] ? columns[c].substring(1) : columns[c];
        }
        add(titles);
    }

    void add(String... cells) {
        for (int c = 0; c < cells.length; c++) {
            widths[c] = Math.max(widths[c], cells[c].length());
        }
        rows.add(cells);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < row.length; c++) {
                String padding = " ".repeat(widths[c] - row[c].length());
                line.append(c == 0 ? "" : GAP)
                        .append(right[c] ? padding : "")
                        .append(row[c])
                        .append(right[c] ? "" : padding);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
