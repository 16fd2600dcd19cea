package org.bucketkeeper.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.testing.EtcdServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the jar that was built, as a user would. */
class BucketKeeperJarIT {

    private static final int PATIENCE_SECONDS = 120;
    private static final Pattern PREFIX = Pattern.compile("/bucketkeeper/[a-z]+-[0-9a-f]+/");

    @TempDir
    Path folder;

    /**
     * How a run of the jar ended.
     *
     * @param exitCode its exit code
     * @param output what it wrote to standard output
     * @param errors what it wrote to standard error
     */
    private record Ending(int exitCode, String output, String errors) {}

    @ParameterizedTest
    @ValueSource(strings = {"--help", "demo --help", "benchmark --help", "--version"})
    void explainsItself(String arguments) throws Exception {
        Ending ending = run(arguments.split(" ", -1));

        assertThat(ending.exitCode()).isZero();
        assertThat(ending.output()).contains("bucketkeeper");
        assertThat(ending.errors()).isEmpty();
    }

    @Test
    void playsTheDemonstrationOnTheEmbeddedStore() throws Exception {
        Ending ending = run("demo");

        assertThat(ending.exitCode()).as(ending.toString()).isZero();
        assertThat(ending.output()).containsPattern("All \\d+ checks hold\\.").doesNotContain("\u001b");
        assertThat(ending.errors()).isEmpty();
    }

    @Tag("once")
    @Test
    void playsTheDemonstrationOnEtcdAndDeletesItsKeys() throws Exception {
        try (EtcdServer etcd = EtcdServer.launch()) {
            Ending ending = run("demo", "--etcd", String.join(",", etcd.endpoints()));

            assertThat(ending.exitCode()).as(ending.toString()).isZero();
            assertThat(ending.output()).containsPattern("All \\d+ checks hold\\.");
            assertThat(ending.errors()).isEmpty();
            assertThat(keysUnder(prefixIn(ending.output()), etcd)).isEmpty();
        }
    }

    /** Each library brings a file of the same name; a jar that keeps only one of them loses the others' providers. */
    @Test
    void holdsTheProvidersOfAllLibraries() throws Exception {
        try (JarFile jar = new JarFile(System.getProperty("bucketkeeper.jar"))) {
            assertThat(providers(jar, "io.grpc.LoadBalancerProvider"))
                    .contains("io.grpc.internal.PickFirstLoadBalancerProvider")
                    .contains("io.grpc.util.OutlierDetectionLoadBalancerProvider");
            assertThat(providers(jar, "io.grpc.NameResolverProvider"))
                    .contains("io.grpc.internal.DnsNameResolverProvider")
                    .contains("io.etcd.jetcd.resolver.IPResolverProvider");
        }
    }

    private static String providers(JarFile jar, String service) throws IOException {
        ZipEntry entry = Objects.requireNonNull(jar.getEntry("META-INF/services/" + service), service);
        try (InputStream content = jar.getInputStream(entry)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void saysThatEtcdCannotBeReached() throws Exception {
        Ending ending = run("demo", "--etcd", "127.0.0.1:1");

        assertThat(ending.exitCode()).isEqualTo(1);
        assertThat(ending.errors()).startsWith("bucketkeeper demo: cannot reach etcd 127.0.0.1:1");
    }

    @Test
    void logsWhenAskedTo() throws Exception {
        Ending ending = run("demo", "--verbose", "--etcd", "127.0.0.1:1");

        assertThat(ending.exitCode()).isEqualTo(1);
        assertThat(ending.errors()).contains(" INFO ");
    }

    /** JMH starts further VMs, which have to find everything in the jar. */
    @Tag("once")
    @Test
    void measuresPlanningAndRoutingInVmsOfTheirOwn() throws Exception {
        Ending ending = run("benchmark", "--quick", "route");

        assertThat(ending.exitCode()).as(ending.toString()).isZero();
        assertThat(ending.output()).contains("route(UUID), 1 thread", "route(String), 2 threads");
        assertThat(ending.errors()).isEmpty();
    }

    @Tag("once")
    @Test
    void measuresCommitsOnEtcd() throws Exception {
        try (EtcdServer etcd = EtcdServer.launch()) {
            Ending ending = run("benchmark", "--quick", "commit", "--etcd", String.join(",", etcd.endpoints()));

            assertThat(ending.exitCode()).as(ending.toString()).isZero();
            assertThat(ending.output()).contains("commit to routed, etcd, p99");
            assertThat(ending.errors()).isEmpty();
            assertThat(keysUnder("/bucketkeeper/benchmark-", etcd)).isEmpty();
        }
    }

    @Tag("once")
    @Test
    void measuresManyRoutersAndServersOnEtcd() throws Exception {
        try (EtcdServer etcd = EtcdServer.launch()) {
            Ending ending = run(
                    "benchmark",
                    "--quick",
                    "fanout|failover|footprint|idle",
                    "--etcd",
                    String.join(",", etcd.endpoints()));

            assertThat(ending.exitCode()).as(ending.toString()).isZero();
            assertThat(ending.output())
                    .contains(
                            "commit to all of 10 routed, etcd, p99",
                            "server killed to all served elsewhere, p95",
                            "heap of one more server",
                            "threads of one more router",
                            "requests, LeaseKeepAlive",
                            "bytes received");
            // The monitors are there before any server, and warn of that.
            assertThat(ending.errors()).doesNotContain("Exception");
            assertThat(keysUnder("/bucketkeeper/benchmark-", etcd)).isEmpty();
        }
    }

    @Tag("once")
    @Test
    void measuresHandOversOnEtcd() throws Exception {
        try (EtcdServer etcd = EtcdServer.launch()) {
            Ending ending = run("benchmark", "--quick", "handover", "--etcd", String.join(",", etcd.endpoints()));

            assertThat(ending.exitCode()).as(ending.toString()).isZero();
            assertThat(ending.output()).contains("hand-over of 1 bucket, etcd, p50", "128 at once beside 1");
            assertThat(ending.errors()).isEmpty();
            assertThat(keysUnder("/bucketkeeper/benchmark-", etcd)).isEmpty();
        }
    }

    @Test
    void simulatesDisasters() throws Exception {
        Ending ending = run("simulate", "--seeds", "1-20");

        assertThat(ending.exitCode()).as(ending.toString()).isZero();
        assertThat(ending.output()).contains("20 of 20 seeds", "All promises were kept.");
        assertThat(ending.errors()).isEmpty();
    }

    private Ending run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // No figure is judged here, so somebody else's benchmark on this machine does no harm.
        command.add("-Djmh.ignoreLock=true");
        command.add("-jar");
        command.add(System.getProperty("bucketkeeper.jar"));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends within %s s; so far: %s", command, PATIENCE_SECONDS, Files.readString(output))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Ending(
                process.exitValue(),
                Files.readString(output, StandardCharsets.UTF_8),
                withoutWarningsOfTheVm(Files.readString(errors, StandardCharsets.UTF_8)));
    }

    /** Newer VMs complain of what protobuf and JMH do with sun.misc.Unsafe; our own log lines begin with the time. */
    private static String withoutWarningsOfTheVm(String errors) {
        return errors.replaceAll("(?m)^WARNING: .*\\R", "");
    }

    private static String prefixIn(String output) {
        Matcher matcher = PREFIX.matcher(output);
        assertThat(matcher.find()).as("the prefix in: %s", output).isTrue();
        return matcher.group();
    }

    private static List<?> keysUnder(String prefix, EtcdServer etcd) throws Exception {
        try (EtcdStore store = EtcdStore.connect(etcd.endpoints().toArray(new String[0]))) {
            return store.read(prefix).toCompletableFuture().get().entries();
        }
    }
}
