package org.bucketkeeper.examples.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.bucketkeeper.testing.simulation.RegressionSeeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SimulateCommandTest {

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @Test
    void runsARangeAndPrintsItsSpeedAndDigest() {
        int exitCode = run("--seeds", "1-20");

        assertThat(exitCode).as(output.toString()).isZero();
        assertThat(output.toString())
                .contains("Simulating seeds 1-20", "20 of 20 seeds")
                .containsPattern("\\d+ seeds/s, digest [0-9a-f]{64}")
                .contains("All promises were kept.");
    }

    @Test
    void printsTheSameDigestAgain() {
        run("--seeds", "21-30");
        String first = output.toString().replaceAll("(?s).*digest ", "");
        output.getBuffer().setLength(0);

        run("--seeds", "21-30");

        assertThat(output.toString().replaceAll("(?s).*digest ", "")).isEqualTo(first);
    }

    @Test
    void tracesOneSeed() {
        int exitCode = run("--seed", "7", "--trace");

        assertThat(exitCode).isZero();
        assertThat(output.toString()).contains("seed 7, digest", "disasters:", "server-a.1", "a new assignment");
    }

    @Test
    void runsTheSeedsThatOnceFoundSomething() {
        assertThat(run("--regressions")).as(output.toString()).isZero();
        assertThat(output.toString()).contains("Simulating known seeds of etcd");
    }

    @ParameterizedTest
    @CsvSource({"etcd, redis", "redis, etcd"})
    void runsOnlyTheKnownSeedsOfTheStoreThatIsAskedFor(String store, String other) {
        assertThat(run("--regressions", "--guarantee", store))
                .as(output.toString())
                .isZero();

        long known = RegressionSeeds.all().stream()
                .filter(seed -> seed.guarantee().storeName().equals(store))
                .count();
        assertThat(output.toString())
                .contains("Simulating known seeds of " + store, known + " of " + known + " seeds")
                .doesNotContain("known seeds of " + other);
    }

    @Test
    void runsSeedsOnAStoreThatLosesWrites() {
        assertThat(run("--seeds", "1-20", "--guarantee", "redis"))
                .as(output.toString())
                .isZero();
        assertThat(run("--seed", "3", "--guarantee", "redis")).isZero();
        assertThat(output.toString()).contains("All promises were kept.").containsPattern("FAIL_OVER|RESTART_WITHOUT");
    }

    @Test
    void countsWhatAClusterOfAnySizeAsksOfItsStore() {
        int exitCode = run("--scale", "3x10");

        assertThat(exitCode).as(errors.toString()).isZero();
        assertThat(output.toString())
                .contains("3 servers, 10 routers", "| cold start", "| the store is back", "the assignment is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "1x10", "3x", "-3x10"})
    void refusesASizeThatIsNone(String size) {
        assertThat(run("--scale", size)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("must be SERVERSxROUTERS");
    }

    @Test
    void refusesAStoreOfWhichItDoesNotKnowWhatItPromises() {
        assertThat(run("--seed", "1", "--guarantee", "memory")).isEqualTo(2);
        assertThat(errors.toString()).contains("must be etcd or redis but is memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "9-5", "a-b", "-1-5"})
    void refusesWhatIsNoRange(String range) {
        assertThat(run("--seeds", range)).isEqualTo(2);
        assertThat(errors.toString()).contains("must be A-B");
    }

    private int run(String... arguments) {
        return new CommandLine(new SimulateCommand())
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }
}
