package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command writes, in the form that was asked for: text for people, or one JSON document a line. Not safe for use
 * by several threads.
 */
final class Screen {

    /** What is written, and how. */
    enum Form {
        TEXT,
        JSON
    }

    private static final String REWRITE_LINE = "\r\u001b[K";

    private final PrintWriter out;
    private final Form form;
    private final Ansi ansi;
    private @Nullable String progress;

    /**
     * Creates a screen.
     *
     * @param ansi enabled if {@code out} is a terminal that takes colours
     */
    Screen(PrintWriter out, Form form, Ansi ansi) {
        this.out = out;
        this.form = form;
        this.ansi = ansi;
    }

    /** Writes the text, which may hold picocli's markup for colours, or the JSON. */
    void show(String text, JsonNode json) {
        endProgress();
        out.println(form == Form.JSON ? json.toString() : ansi.string(text));
        out.flush();
    }

    /** Tells whether {@link #progress} draws over what it drew before. */
    boolean drawsInPlace() {
        return form == Form.TEXT && ansi.enabled();
    }

    /** Shows how far something is: in place on a terminal, otherwise on a line of its own. Scripts are not told. */
    void progress(String line) {
        if (form == Form.JSON || line.equals(progress)) {
            return;
        }
        progress = line;
        if (drawsInPlace()) {
            out.print(REWRITE_LINE + line);
        } else {
            out.println(line);
        }
        out.flush();
    }

    private void endProgress() {
        if (progress != null && drawsInPlace()) {
            out.println();
        }
        progress = null;
    }
}
