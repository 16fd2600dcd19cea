package org.bucketkeeper.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaintTest {

    private static final Rgb YELLOW = Rgb.of(0xf0e442);
    private static final Rgb INDIGO = Rgb.of(0x332288);

    @Test
    void plainIsTextAndNothingElse() {
        assertThat(Paint.PLAIN.onBackground(YELLOW, "A*")).isEqualTo("A*");
        assertThat(Paint.PLAIN.bar(YELLOW, 3)).isEqualTo("###");
        assertThat(Paint.PLAIN.good("ok") + Paint.PLAIN.bad("OFF") + Paint.PLAIN.strong("!"))
                .isEqualTo("okOFF!");
    }

    @Test
    void writesBlackOnLightAndWhiteOnDark() {
        assertThat(Paint.TRUE_COLOUR.onBackground(YELLOW, "A"))
                .isEqualTo("\u001b[48;2;240;228;66;38;2;0;0;0mA\u001b[0m");
        assertThat(Paint.TRUE_COLOUR.onBackground(INDIGO, "A"))
                .isEqualTo("\u001b[48;2;51;34;136;38;2;255;255;255mA\u001b[0m");
        assertThat(Paint.COLOURS_256.onBackground(INDIGO, "A")).isEqualTo("\u001b[48;5;54;38;5;231mA\u001b[0m");
    }

    @Test
    void drawsBarsOfSpacesWhereThereAreColours() {
        assertThat(Paint.COLOURS_256.bar(YELLOW, 2)).matches("\u001b\\[48;5;\\d+;38;5;16m  \u001b\\[0m");
        assertThat(Paint.COLOURS_256.bar(YELLOW, 0)).isEmpty();
    }

    @Test
    void usesAllColoursOnlyWhereTheTerminalSaysThatItHasThem() {
        assertThat(Paint.ofColourTerminal("truecolor")).isEqualTo(Paint.TRUE_COLOUR);
        assertThat(Paint.ofColourTerminal("24bit")).isEqualTo(Paint.TRUE_COLOUR);
        assertThat(Paint.ofColourTerminal(null)).isEqualTo(Paint.COLOURS_256);
    }
}
