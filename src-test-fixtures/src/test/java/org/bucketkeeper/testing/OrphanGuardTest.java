package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrphanGuardTest {

    @TempDir
    private Path folder;

    @Test
    void aServerEndsWithAJvmThatIsKilled() throws IOException {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LaunchAndWait.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String endpoint = firstLineOf(jvm);
        assertThat(EtcdHttp.plain(endpoint).isHealthy()).isTrue();

        jvm.destroyForcibly();

        assertThat(Waiting.until(
                        Duration.ofSeconds(30), () -> !EtcdHttp.plain(endpoint).isHealthy()))
                .isTrue();
    }

    private static String firstLineOf(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    /** The other JVM's program. */
    static final class LaunchAndWait {

        public static void main(String[] arguments) throws IOException {
            var program = new ServerEnvironment(Map.of(), System.getenv(), () -> false);
            EtcdServer etcd = EtcdServer.builder(program).launch();
            System.out.println(etcd.endpoints().get(0));
            int neverComes = System.in.read();
            throw new IllegalStateException("the test closed the pipe: " + neverComes);
        }
    }
}
