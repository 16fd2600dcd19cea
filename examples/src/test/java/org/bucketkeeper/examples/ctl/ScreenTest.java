package org.bucketkeeper.examples.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class ScreenTest {

    private final StringWriter out = new StringWriter();

    @Test
    void drawsProgressInPlaceOnATerminal() {
        Screen screen = screen(Screen.Form.TEXT, Ansi.ON);
        ProgressBar bar = new ProgressBar(screen, "Draining a");

        bar.show(0, 4);
        bar.show(3, 4);
        screen.show("a is empty", CtlJson.object());

        assertThat(out.toString())
                .isEqualTo("\r\u001b[KDraining a  [------------------------------]  0 %"
                        + "\r\u001b[KDraining a  [######################--------]  75 %"
                        + System.lineSeparator()
                        + "a is empty"
                        + System.lineSeparator());
    }

    @Test
    void tellsProgressInLinesElsewhereAndNotTooOften() {
        ProgressBar bar = new ProgressBar(screen(Screen.Form.TEXT, Ansi.OFF), "Draining a");

        for (int done = 0; done <= 256; done++) {
            bar.show(done, 256);
        }

        assertThat(out.toString().lines())
                .hasSize(11)
                .startsWith("Draining a: 0 %", "Draining a: 10 %")
                .endsWith("Draining a: 100 %");
    }

    @Test
    void showsAnEmptyTaskAsDone() {
        new ProgressBar(screen(Screen.Form.TEXT, Ansi.OFF), "Draining a").show(0, 0);

        assertThat(out.toString().lines()).containsExactly("Draining a: 100 %");
    }

    @Test
    void tellsScriptsNothingButJson() {
        Screen screen = screen(Screen.Form.JSON, Ansi.OFF);

        new ProgressBar(screen, "Draining a").show(1, 2);
        screen.show("a is empty", CtlJson.object().put("node_id", "a"));

        assertThat(out.toString().lines()).containsExactly("{\"node_id\":\"a\"}");
    }

    @Test
    void alignsColumnsByWhatIsSeenOfThem() {
        TextTable table = new TextTable("NODE", ">HELD", "STATE");
        table.add("a", 5, "@|green live|@");
        table.add("node-b", 128, "@|bold,red gone|@");

        Screen screen = screen(Screen.Form.TEXT, Ansi.OFF);
        screen.show(table.toString(), CtlJson.object());

        assertThat(out.toString().lines())
                .containsExactly("NODE    HELD  STATE", "a          5  live", "node-b   128  gone");
    }

    private Screen screen(Screen.Form form, Ansi ansi) {
        return new Screen(new PrintWriter(out, true), form, ansi);
    }
}
