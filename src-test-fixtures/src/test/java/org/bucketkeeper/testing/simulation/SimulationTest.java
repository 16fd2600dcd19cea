package org.bucketkeeper.testing.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.bucketkeeper.ownership.OwnershipListener;
import org.bucketkeeper.ownership.Tenure;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The simulator itself. The plan: promises are kept, on some seeds and on those that once found something; the same seed
 * is the same history, also in another JVM; a broken promise is found, told and made small; users' listeners are run.
 */
@Tag("once")
class SimulationTest {

    @Test
    void keepsItsPromises() {
        SimulationProbe probe = new SimulationProbe(StoreGuarantee.KEEPS_WRITES);

        assertThat(LongStream.rangeClosed(1, 300)
                        .mapToObj(seed -> seed + " " + probe.apply(seed))
                        .filter(result -> !result.endsWith(" ")))
                .isEmpty();
    }

    @Test
    void keepsThoseThatAreLeftWhereTheStoreLosesWrites() {
        SimulationProbe probe = new SimulationProbe(StoreGuarantee.LOSES_WRITES);

        assertThat(LongStream.rangeClosed(1, 300)
                        .mapToObj(seed -> seed + " " + probe.apply(seed))
                        .filter(result -> !result.endsWith(" ")))
                .isEmpty();
    }

    @Test
    void aStoreThatLosesWritesDoesSoOnTopOfTheDisastersOfTheSeed() {
        SimulationSettings settings = SimulationSettings.DEFAULT.withGuarantee(StoreGuarantee.LOSES_WRITES);

        assertThat(LongStream.rangeClosed(1, 20)).allSatisfy(seed -> {
            List<String> others =
                    Simulation.run(seed, SimulationSettings.DEFAULT).faults();
            assertThat(Simulation.run(seed, settings).faults())
                    .startsWith(others.toArray(String[]::new))
                    .filteredOn(fault -> fault.contains("FAIL_OVER") || fault.contains("RESTART_WITHOUT_DATA"))
                    .isNotEmpty();
        });
    }

    @Test
    void keepsThemWhereTheyWereOnceBroken() {
        assertThat(RegressionSeeds.all())
                .isNotEmpty()
                .allSatisfy(known -> assertThat(new SimulationProbe(known.guarantee()).apply(known.seed()))
                        .isEmpty());
    }

    @Test
    void theSameSeedIsTheSameHistory() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(digest(seed)).as("seed %d", seed).isEqualTo(digest(seed));
        }
    }

    @Test
    void anotherSeedIsAnotherHistory() {
        assertThat(LongStream.rangeClosed(1, 20).mapToObj(SimulationTest::digest))
                .doesNotHaveDuplicates();
    }

    @Test
    void aTraceDoesNotChangeTheHistory() {
        SimulationResult traced = Simulation.run(7, SimulationSettings.DEFAULT.withTrace());

        assertThat(traced.timeline()).isNotEmpty();
        assertThat(traced.digest()).isEqualTo(digest(7));
    }

    @Test
    void anotherJvmTellsTheSameHistory() throws IOException, InterruptedException {
        List<String> here = new ArrayList<>();
        for (long seed = 1; seed <= 20; seed++) {
            here.add(digest(seed));
        }

        // Objects hash differently there, and so does whatever is ordered by that.
        assertThat(digestsOfAnotherJvm()).isEqualTo(here);
    }

    @Test
    void findsAListenerThatWritesWhatItLostAndShowsHow() {
        SimulationSettings careless = SimulationSettings.DEFAULT.withListeners(WritesWhatItLost::new);
        long seed = LongStream.rangeClosed(1, 200)
                .filter(candidate -> Simulation.run(candidate, careless).violation() != null)
                .findFirst()
                .orElseThrow();

        SimulationResult small = Simulation.shrink(seed, careless);

        assertThat(small.violation()).isNotNull();
        assertThat(small.faults())
                .hasSizeLessThan(Simulation.run(seed, careless).faults().size());
        assertThat(String.join("\n", small.timeline())).contains("VIOLATION", "wrote what was lost", "starts");
    }

    @Test
    void keepsItsPromisesWithAListenerThatDoesNothing() {
        SimulationSettings settings = SimulationSettings.DEFAULT.withListeners(server -> OwnershipListener.NONE);

        assertThat(LongStream.rangeClosed(1, 50)
                        .mapToObj(seed -> Simulation.run(seed, settings))
                        .filter(result -> result.violation() != null))
                .isEmpty();
    }

    private static String digest(long seed) {
        return Simulation.run(seed, SimulationSettings.DEFAULT).digest();
    }

    private static List<String> digestsOfAnotherJvm() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UnlockExperimentalVMOptions",
                        "-XX:hashCode=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PrintDigests.class.getName(),
                        "20")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.lines().toList();
    }

    /** What nobody should do. */
    private record WritesWhatItLost(SimulatedServer server) implements OwnershipListener {

        @Override
        public void lost(Tenure tenure) {
            if (!server.storage().write(tenure.bucket(), tenure.fencingToken(), tenure.fencingToken())) {
                server.fail("wrote what was lost: " + tenure);
            }
        }
    }
}
