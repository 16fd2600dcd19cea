package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerSourceTest {

    private static final ServerSource.Kind ETCD = ServerSource.Kind.ETCD;

    @TempDir
    private Path folder;

    @Test
    void anEndpointThatTheCallerNamesComesFirst() throws IOException {
        var environment = new ServerEnvironment(
                Map.of(ETCD.endpointsSetting(), "one:2379, two:2379", ETCD.programSetting(), program("etcd")),
                path(),
                () -> true);

        assertThat(ETCD.choose(environment)).isEqualTo(new ServerSource.Named(List.of("one:2379", "two:2379")));
    }

    @Test
    void anEnvironmentVariableNamesAnEndpointAsWell() {
        var environment =
                new ServerEnvironment(Map.of(), Map.of("BUCKETKEEPER_TEST_ETCD_ENDPOINTS", "one:2379"), () -> false);

        assertThat(ETCD.choose(environment)).isEqualTo(new ServerSource.Named(List.of("one:2379")));
    }

    @Test
    void anEndpointThatTheCallerNamesIsNoServerToStop() throws IOException {
        program("etcd");
        var environment = new ServerEnvironment(Map.of(ETCD.endpointsSetting(), "one:2379"), path(), () -> false);

        assertThat(ETCD.chooseOwn(environment)).isEqualTo(new ServerSource.Program(folder.resolve("etcd")));
    }

    @Test
    void aProgramThatTheCallerNamesComesBeforeDocker() throws IOException {
        String named = program("etcd-of-the-caller");
        var environment = new ServerEnvironment(Map.of(ETCD.programSetting(), named), path(), () -> true);

        assertThat(ETCD.choose(environment)).isEqualTo(new ServerSource.Program(Path.of(named)));
    }

    @Test
    void dockerComesBeforeTheProgramOnThePath() throws IOException {
        program("etcd");
        var environment = new ServerEnvironment(Map.of(), path(), () -> true);

        assertThat(ETCD.choose(environment)).isEqualTo(new ServerSource.Image(ETCD.defaultImage()));
    }

    @Test
    void theCallerNamesTheImage() {
        var environment = new ServerEnvironment(Map.of(ETCD.imageSetting(), "my/etcd:1"), Map.of(), () -> true);

        assertThat(ETCD.choose(environment)).isEqualTo(new ServerSource.Image("my/etcd:1"));
    }

    @Test
    void theProgramOnThePathComesLast() throws IOException {
        program("etcd");
        var environment = new ServerEnvironment(Map.of(), path(), () -> false);

        assertThat(ETCD.choose(environment)).isEqualTo(new ServerSource.Program(folder.resolve("etcd")));
    }

    @Test
    void withNoneOfTheThreeTheLaunchFailsAndNamesThemAll() {
        var nothing = new ServerEnvironment(Map.of(), path(), () -> false);

        assertThatExceptionOfType(ServerStartException.class)
                .isThrownBy(() -> EtcdServer.builder(nothing).launch())
                .withMessageContaining("-Dbucketkeeper.test.etcd.endpoints=host:port")
                .withMessageContaining("BUCKETKEEPER_TEST_ETCD_ENDPOINTS")
                .withMessageContaining("Docker daemon")
                .withMessageContaining("apt-get install etcd-server")
                .withMessageContaining("-Dbucketkeeper.test.etcd.program=/path/to/etcd");
    }

    @Test
    void redisFailsInTheSameWay() {
        var nothing = new ServerEnvironment(Map.of(), path(), () -> false);

        assertThatExceptionOfType(ServerStartException.class)
                .isThrownBy(() -> RedisServer.launch(nothing))
                .withMessageContaining("-Dbucketkeeper.test.redis.endpoints=host:port")
                .withMessageContaining("Docker daemon")
                .withMessageContaining("apt-get install redis-server");
    }

    @Test
    void aProgramThatDebianKeepsOffThePathIsFoundInItsNewestVersion() throws IOException {
        for (String version : List.of("9", "17", "notes")) {
            Files.createDirectories(folder.resolve(version).resolve("bin"));
            program(version + "/bin/postgres");
        }
        var kind = new ServerSource.Kind("postgresql", "postgres", folder, "postgresql", "postgres:17");

        ServerSource chosen = kind.choose(new ServerEnvironment(Map.of(), Map.of(), () -> false));

        assertThat(chosen).isEqualTo(new ServerSource.Program(folder.resolve("17/bin/postgres")));
    }

    @Test
    void postgresqlFailsInTheSameWay() {
        var kind = new ServerSource.Kind("postgresql", "postgres", folder, "postgresql", "postgres:17");

        assertThatExceptionOfType(ServerStartException.class)
                .isThrownBy(() -> kind.choose(new ServerEnvironment(Map.of(), Map.of(), () -> false)))
                .withMessageContaining("-Dbucketkeeper.test.postgresql.endpoints=host:port")
                .withMessageContaining("apt-get install postgresql");
    }

    @Test
    void anEndpointWithASchemeIsRefusedByName() {
        var environment =
                new ServerEnvironment(Map.of(ETCD.endpointsSetting(), "http://one:2379"), Map.of(), () -> false);

        assertThatExceptionOfType(ServerStartException.class)
                .isThrownBy(() -> ETCD.choose(environment))
                .withMessageContaining(ETCD.endpointsSetting())
                .withMessageContaining("http://one:2379");
    }

    @Test
    void aListWithoutAnyEndpointIsRefused() {
        var environment = new ServerEnvironment(Map.of(ETCD.endpointsSetting(), ", "), Map.of(), () -> false);

        assertThatExceptionOfType(ServerStartException.class)
                .isThrownBy(() -> ETCD.choose(environment))
                .withMessageContaining("at least one host:port");
    }

    @Test
    void aProgramThatIsNotThereIsRefusedByName() {
        var environment = new ServerEnvironment(Map.of(ETCD.programSetting(), "/no/such/etcd"), Map.of(), () -> true);

        assertThatExceptionOfType(ServerStartException.class)
                .isThrownBy(() -> ETCD.choose(environment))
                .withMessageContaining(ETCD.programSetting())
                .withMessageContaining("/no/such/etcd");
    }

    @Test
    void aProgramThatEndsAtOnceIsShownWithItsLastWords() throws IOException {
        Path program = Files.writeString(folder.resolve("etcd"), "#!/bin/sh\necho the disk is on fire\nexit 1\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        var environment =
                new ServerEnvironment(Map.of(ETCD.programSetting(), program.toString()), Map.of(), () -> false);

        assertThatExceptionOfType(ServerStartException.class)
                .isThrownBy(() -> EtcdServer.builder(environment).launch())
                .withMessageContaining("ended")
                .withMessageContaining("the disk is on fire");
    }

    @Test
    void aNamedServerAnswersButObeysNot() {
        try (EtcdServer running = EtcdServer.builder().controllable().launch()) {
            var environment = new ServerEnvironment(
                    Map.of(ETCD.endpointsSetting(), running.endpoints().get(0)), Map.of(), () -> false);
            EtcdServer named = EtcdServer.builder(environment).launch();

            named.close();

            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(named::kill)
                    .withMessageContaining("the caller runs it");
            assertThat(named.http().isHealthy()).isTrue();
        }
    }

    @Test
    void aDockerSocketWithAListenerAnswers() throws IOException {
        Path socket = folder.resolve("docker.sock");
        try (ServerSocketChannel daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            daemon.bind(UnixDomainSocketAddress.of(socket));

            assertThat(new DockerProbe(Map.of("DOCKER_HOST", "unix://" + socket)).answers())
                    .isTrue();
        }
    }

    @Test
    void aDockerSocketWithoutAListenerDoesNot() {
        assertThat(new DockerProbe(Map.of("DOCKER_HOST", "unix://" + folder.resolve("none.sock"))).answers())
                .isFalse();
    }

    @Test
    void anAddressThatCannotBeReadIsNoDocker() {
        assertThat(new DockerProbe(Map.of("DOCKER_HOST", "ssh://somebody@somewhere")).answers())
                .isFalse();
        assertThat(new DockerProbe(Map.of("DOCKER_HOST", "not an address")).answers())
                .isFalse();
    }

    private Map<String, String> path() {
        return Map.of("PATH", folder.toString());
    }

    private String program(String name) throws IOException {
        Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program.toString();
    }
}
