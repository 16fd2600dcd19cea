package org.bucketkeeper.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FigureTableTest {

    @Test
    void showsAFigureBesideItsFloor() {
        String line = FigureTable.line(new Figure("route(UUID), 1 thread", 3.0, 2.0, "ns", 0.0));

        assertThat(line.split(" +", -1))
                .containsExactly("route(UUID),", "1", "thread", "3.00", "2.00", "1.50x", "0.00", "ns");
    }

    @Test
    void showsADashForWhatWasNotMeasured() {
        String line = FigureTable.line(new Figure("plan", 3.0, null, "us", null));

        assertThat(line.split(" +", -1)).containsExactly("plan", "3.00", "-", "-", "-", "us");
    }

    @Test
    void alignsItsColumns() {
        String line = FigureTable.line(new Figure("plan", 3.0, 1.0, "us", 12.0));

        assertThat(line.indexOf("us")).isEqualTo(FigureTable.header().indexOf("unit"));
    }
}
