package org.bucketkeeper.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RgbTest {

    @Test
    void findsTheNearestColourOfTheCube() {
        assertThat(Rgb.of(0x000000).nearestOf256()).isEqualTo(16);
        assertThat(Rgb.of(0xffffff).nearestOf256()).isEqualTo(231);
        assertThat(Rgb.of(0x56b4e9).nearestOf256()).isEqualTo(16 + 36 * 1 + 6 * 3 + 4);
    }

    @Test
    void tellsLightFromDark() {
        assertThat(Rgb.of(0xf0e442).isLight()).isTrue();
        assertThat(Rgb.of(0x332288).isLight()).isFalse();
    }

    @Test
    void dimsWithoutChangingTheHue() {
        assertThat(new Rgb(250, 100, 0).dimmed()).isEqualTo(new Rgb(100, 40, 0));
    }
}
