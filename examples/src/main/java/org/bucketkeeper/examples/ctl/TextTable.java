package org.bucketkeeper.examples.ctl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Aligns columns of text. A title that begins with {@code >} makes its column align to the right. */
final class TextTable {

    private static final String GAP = "  ";
    private static final String RIGHT = ">";

    private final String[] titles;
    private final List<String[]> rows = new ArrayList<>();

    TextTable(String... titles) {
        this.titles = titles;
    }

    /** Adds a row; the cells may hold picocli's markup for colours, and one that is null is left empty. */
    void add(@Nullable Object... cells) {
        String[] row = new String[titles.length];
        for (int c = 0; c < row.length; c++) {
            row[c] = cells[c] == null ? "" : String.valueOf(cells[c]);
        }
        rows.add(row);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Returns the lines without the last one's end. */
    @Override
    public String toString() {
        boolean[] right = new boolean[titles.length];
        int[] widths = new int[titles.length];
        String[] header = new String[titles.length];
        for (int c = 0; c < titles.length; c++) {
            right[c] = titles[c].startsWith(RIGHT);
            String title = right[c] ? titles[c].substring(1) : titles[c];
            widths[c] = title.length();
            for (String[] row : rows) {
                widths[c] = Math.max(widths[c], visibleLength(row[c]));
            }
            header[c] = title;
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(header, widths, right));
        rows.forEach(row -> lines.add(line(row, widths, right)));
        return String.join("\n", lines);
    }

    private static String line(String[] cells, int[] widths, boolean[] right) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < cells.length; c++) {
            String padding = " ".repeat(widths[c] - visibleLength(cells[c]));
            line.append(c == 0 ? "" : GAP).append(right[c] ? padding + cells[c] : cells[c] + padding);
        }
        return line.toString().stripTrailing();
    }

    private static int visibleLength(String cell) {
        return Ansi.OFF.string(cell).length();
    }
}
