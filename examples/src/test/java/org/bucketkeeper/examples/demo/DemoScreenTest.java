package org.bucketkeeper.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DemoScreenTest {

    private final StringWriter output = new StringWriter();
    private final DemoScreen screen = new DemoScreen(new PrintWriter(output), Paint.PLAIN);

    @Test
    void isContentWhenAllChecksHold() {
        screen.check(Check.of("water is wet", true, "it is dry"));

        assertThat(screen.verdict()).isTrue();
        assertThat(output.toString()).contains("  ok  water is wet").contains("All 1 checks hold.");
    }

    @Test
    void isNotContentWhenOneDoesNot() {
        screen.check(Check.of("water is wet", true, "it is dry"));
        screen.check(Check.of("fire is cold", false, "it is hot"));

        assertThat(screen.verdict()).isFalse();
        assertThat(output.toString()).contains("  OFF fire is cold: it is hot").contains("1 of 2 checks do not hold");
    }

    @Test
    void breaksTextBetweenWords() {
        screen.text("word ".repeat(40).strip());

        assertThat(output.toString().lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("  word") && line.endsWith("word") && line.length() <= 80);
    }
}
