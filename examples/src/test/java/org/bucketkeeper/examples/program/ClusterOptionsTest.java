package org.bucketkeeper.examples.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.config.EtcdSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How a program is told of its cluster: a flag goes before the environment, and that before the file. */
class ClusterOptionsTest {

    @TempDir
    private Path folder;

    @Command(name = "program")
    private static final class SomeProgram implements Runnable {

        @Mixin
        private final ClusterOptions options;

        SomeProgram(Map<String, String> environment) {
            options = new ClusterOptions(environment);
        }

        @Override
        public void run() {}
    }

    @Test
    void readsTheOperatorsFile() throws IOException {
        ClusterConfig config = options(Map.of(), "--config", file().toString()).config();

        assertThat(endpoints(config)).containsExactly(new Endpoint("192.168.1.3", 2379));
        assertThat(config.requireNode().nodeId()).isEqualTo("dtable-server-01");
    }

    @Test
    void theEnvironmentGoesBeforeTheFileWhichKeepsTheRest() throws IOException {
        ClusterConfig config = options(Map.of("ETCD_SERVER_HOST", "10.0.0.9"), "--config", file().toString())
                .config();

        assertThat(endpoints(config)).containsExactly(new Endpoint("10.0.0.9", 2379));
        assertThat(config.requireNode().nodeId()).isEqualTo("dtable-server-01");
    }

    @Test
    void theFlagGoesBeforeTheEnvironment() {
        ClusterConfig config = options(Map.of("ETCD_SERVER_HOST", "10.0.0.9"), "--etcd", "a:1,b")
                .config();

        assertThat(endpoints(config)).containsExactly(new Endpoint("a", 1), new Endpoint("b", 2379));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"etcd-01,etcd-02:4001", "[\"etcd-01\", \"etcd-02:4001\"]"})
    void readsAListOfMembersFromTheEnvironment(String list) {
        ClusterConfig config = options(Map.of("ETCD_SERVER_HOST_LIST", list)).config();

        assertThat(endpoints(config)).containsExactly(new Endpoint("etcd-01", 2379), new Endpoint("etcd-02", 4001));
    }

    @Test
    void saysHowToNameAClusterIfNothingDoes() {
        assertThatThrownBy(() -> options(Map.of("ETCD_SERVER_HOST", " ")).config())
                .isInstanceOf(ProgramException.class)
                .hasMessage("no cluster is named: use --config FILE or --etcd HOST:PORT, or set ETCD_SERVER_HOST or"
                        + " ETCD_SERVER_HOST_LIST");
    }

    @Test
    void namesTheVariableThatIsWrong() {
        assertThatThrownBy(() -> options(Map.of("ETCD_SERVER_HOST", "a b")).config())
                .isInstanceOf(ProgramException.class)
                .hasMessage("ETCD_SERVER_HOST must be host or host:port, but is \"a b\"");
        assertThatThrownBy(
                        () -> options(Map.of("ETCD_SERVER_HOST_LIST", "[\"a\"")).config())
                .isInstanceOf(ProgramException.class)
                .hasMessageStartingWith("ETCD_SERVER_HOST_LIST must be comma-separated or a JSON array of text");
    }

    @Test
    void showsWhatIsWrongInTheFile() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong.json"), "{\"cluster_config\": {\"etcd_hots\": \"a\"}}");

        assertThatThrownBy(() -> options(Map.of(), "--config", wrong.toString()).config())
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining(wrong + ":1:")
                .hasMessageContaining("etcd_hots");
    }

    @ParameterizedTest
    @CsvSource({"True, true", "1, true", "on, true", "false, false", "No, false", "'', true"})
    void theSwitchSaysWhetherThereIsACluster(String text, boolean enabled) {
        ClusterOptions options = options(Map.of("ENABLE_DTABLE_SERVER_CLUSTER", text, "ETCD_SERVER_HOST", "etcd-01"));

        assertThat(options.clusterIsEnabled()).isEqualTo(enabled);
    }

    @Test
    void thereIsNoClusterIfNothingNamesOne() {
        assertThat(options(Map.of()).clusterIsEnabled()).isFalse();
    }

    @Test
    void refusesASwitchThatIsNeitherOnNorOff() {
        assertThatThrownBy(() ->
                        options(Map.of("ENABLE_DTABLE_SERVER_CLUSTER", "maybe")).clusterIsEnabled())
                .isInstanceOf(ProgramException.class)
                .hasMessage("ENABLE_DTABLE_SERVER_CLUSTER must be true or false, but is \"maybe\"");
    }

    private static ClusterOptions options(Map<String, String> environment, String... arguments) {
        SomeProgram program = new SomeProgram(environment);
        new CommandLine(program).parseArgs(arguments);
        return program.options;
    }

    private static List<Endpoint> endpoints(ClusterConfig config) {
        return ((EtcdSettings) config.store()).endpoints();
    }

    private Path file() throws IOException {
        return Files.writeString(folder.resolve("dtable_server_config.json"), """
                {
                    "host": "mysql",
                    "cluster_config": {
                        "etcd_host": "192.168.1.3:2379",
                        "node_id": "dtable-server-01",
                        "node_url": "https://dtable-server-01.domain.com/",
                        "local_node_url": "http://172.17.30.94/"
                    }
                }
                """);
    }
}
