package org.bucketkeeper.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BucketKeeperTest {

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "dtable-web --help",
                "start --help",
                "demo --help",
                "benchmark --help",
                "simulate --help"
            })
    void explainsItself(String arguments) {
        int exitCode = run(arguments.split(" ", -1));

        assertThat(exitCode).isZero();
        assertThat(output.toString()).startsWith("Usage: bucketkeeper").contains("Exit codes:");
        assertThat(output.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void tellsItsVersion() {
        int exitCode = run("--version");

        assertThat(exitCode).isZero();
        assertThat(output.toString()).matches("(?s)bucketkeeper \\d+\\.\\d+\\.\\d+\\S*\\RJava .*");
    }

    @Test
    void asksForACommand() {
        int exitCode = run();

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString())
                .contains("a command is missing: dtable-server or dtable-web or ", "Try 'bucketkeeper --help'.");
    }

    @Test
    void namesTheNearestCommand() {
        int exitCode = run("demmo");

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString()).contains("demmo").contains("Did you mean: bucketkeeper demo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "17", "-1"})
    void refusesANumberOfNodesThatIsOutOfRange(String nodes) {
        int exitCode = run("demo", "--nodes", nodes);

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString())
                .contains("bucketkeeper demo: Invalid value for option '--nodes': must be 3 to 16, but is " + nodes)
                .contains("Try 'bucketkeeper demo --help'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "http://localhost:2379", "localhost:2379,other", "localhost:port"})
    void refusesAnEtcdThatIsNoAddress(String endpoint) {
        int exitCode = run("demo", "--etcd", endpoint);

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString()).contains("must be host:port, but is \"");
    }

    @Test
    void saysThatEtcdCannotBeReached() {
        int exitCode = run("demo", "--etcd", "127.0.0.1:1");

        assertThat(exitCode).isEqualTo(1);
        assertThat(errors.toString())
                .isEqualToNormalizingNewlines(
                        "bucketkeeper demo: cannot reach etcd 127.0.0.1:1; with --verbose the cause is shown\n");
    }

    @Test
    void showsTheCauseIfAskedTo() {
        int exitCode = run("demo", "--verbose", "--etcd", "127.0.0.1:1");

        assertThat(exitCode).isEqualTo(1);
        assertThat(errors.toString()).contains("Caused by: org.bucketkeeper.store.StoreException");
    }

    @Test
    void namesTheBenchmarksThatThereAre() {
        int exitCode = run("benchmark", "nothing-like-it");

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString()).contains("\"nothing-like-it\"; there are route, rebalance, commit");
    }

    @Test
    void measuresCommitsOnTheEmbeddedStore() {
        int exitCode = run("benchmark", "--quick", "commit");

        assertThat(exitCode).as(errors.toString()).isZero();
        assertThat(output.toString())
                .containsPattern("commit to routed, embedded, p50 +\\d+\\.\\d+ +\\d+\\.\\d+ +\\d+\\.\\d+x")
                .contains("commit to routed on etcd: left out, since --etcd does not name one");
    }

    private int run(String... arguments) {
        CommandLine commandLine = BucketKeeper.commandLine();
        commandLine.setOut(new PrintWriter(output, true));
        commandLine.setErr(new PrintWriter(errors, true));
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        return commandLine.execute(arguments);
    }
}
