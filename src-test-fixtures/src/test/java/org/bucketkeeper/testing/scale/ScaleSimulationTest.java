package org.bucketkeeper.testing.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A cluster of a hundred servers that were all started at once, and three hundred routers. */
class ScaleSimulationTest {

    private static final int SERVERS = 100;
    private static final int ROUTERS = 300;
    /** With the monitor and, at the end, the operator. */
    private static final int PROCESSES = SERVERS + ROUTERS + 2;

    private static final List<ScalePhase> TOLD = new ArrayList<>();
    private static ScaleReport report = new ScaleReport(0, 0, 0, 0, 0, 0, 0, List.of());

    @BeforeAll
    static void run() {
        report = ScaleSimulation.run(SERVERS, ROUTERS, 1, TOLD::add);
    }

    @Test
    void tellsOfEachPhaseAsItEnds() {
        assertThat(report.phases()).isEqualTo(TOLD).hasSize(9);
    }

    @Test
    void theKeysAreTheRegistrationsTheClaimsAndAFewMore() {
        assertThat(report.keys()).isEqualTo(SERVERS + 256 + 3);
        assertThat(report.prefixBytes()).isBetween(40_000L, 100_000L);
    }

    @Test
    void renewalsAreSpreadAfterACommonStartAndAfterAnOutage() {
        assertThat(List.of(phase("quiet"), phase("quiet again"))).allSatisfy(phase -> {
            assertThat(phase.renewals()).isGreaterThan(20L * SERVERS);
            assertThat(phase.mostRenewals()).isLessThanOrEqualTo(SERVERS / 10);
        });
        assertThat(phase("the store is back").mostRenewals()).isLessThanOrEqualTo(SERVERS / 5);
    }

    @Test
    void everybodyReadsOnceWhenTheLeaderChangesAndNotAllAtOnce() {
        ScalePhase change = phase("the store's leader changes");

        assertThat(change.reads()).isBetween((long) PROCESSES, PROCESSES + 20L);
        assertThat(change.mostReads()).isLessThan(PROCESSES / 3);
    }

    @Test
    void readsAreSpreadWhenTheStoreIsBack() {
        assertThat(phase("the store is back").mostReads()).isLessThan(PROCESSES / 5);
    }

    @Test
    void aBucketThatMovesIsAFewChangesForEverybody() {
        assertThat(phase("one bucket is moved").events()).isEqualTo(4L * PROCESSES);
    }

    private static ScalePhase phase(String name) {
        return report.phases().stream()
                .filter(phase -> phase.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
