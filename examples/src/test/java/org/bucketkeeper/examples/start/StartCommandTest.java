package org.bucketkeeper.examples.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bucketkeeper.examples.BucketKeeper;
import org.bucketkeeper.testing.EtcdServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class StartCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void startsWhatIsEnabledAndSaysWhatIsSkipped() throws Exception {
        try (EtcdServer etcd = EtcdServer.launch()) {
            Path config = Files.writeString(folder.resolve("dtable_server_config.json"), """
                    {"cluster_config": {"etcd_host": "%s", "prefix": "/bucketkeeper/start-%s/", "settle_seconds": 0}}
                    """.formatted(
                            String.join(",", etcd.endpoints()), UUID.randomUUID()));
            Path conf = conf("""
                    # One machine for all.
                    ENABLE_CCNET_SERTVER=true
                    ENABLE_SEAFILE_SERTVER=false
                    ENABLE_DTABLE_WEB=true
                    ENABLE_DTABLE_SERVER="true"
                    ENABLE_CLUSTER_MONITOR=true   # one of two
                    DTABLE_EVENTS_TASK_MODE=all
                    """);
            CompletableFuture<Integer> exitCode = new CompletableFuture<>();
            Thread running = new Thread(
                    () -> exitCode.complete(run(
                            "start",
                            "--controller-conf",
                            conf.toString(),
                            "--config",
                            config.toString(),
                            "--options",
                            "dtable-web=--port 0 --host 127.0.0.1",
                            "--options",
                            "dtable-server=--port 0 --host 127.0.0.1 --leave-timeout 0 --data " + folder)),
                    "start");
            running.start();
            try {
                await("the programs", () -> out.toString().contains("BucketKeeper started"));
                await("the base to be served", () -> serverOfABase().statusCode() == 200);

                assertThat(out.toString())
                        .startsWith("Skip ccnet-server (no program of BucketKeeper)\nSkip seafile-server\n"
                                + "Skip dtable-server-proxy\ncluster-monitor ")
                        .containsPattern("\ndtable-server .*\ndtable-web on .*\n\nBucketKeeper started\n$");
            } finally {
                running.interrupt();
            }
            assertThat(exitCode.get(60, TimeUnit.SECONDS)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ENABLE_DTABLE_WEB=perhaps | :1: ENABLE_DTABLE_WEB must be true or false, but is "perhaps"
                    ENABLE_DTABLE_WEB | :1: expected NAME=value, but found "ENABLE_DTABLE_WEB"
                    A=1;A=2 | :2: A is set on line 1 already
                    ENABLE_DTABLE_WEB=false;ENABLE_DTABLE_SERVER=false | enables no program of BucketKeeper; set one of
                    """)
    void namesFileAndLineOfWhatIsWrong(String lines, String expected) throws Exception {
        Path conf = conf(lines.replace(';', '\n'));

        int exitCode = run("start", "--controller-conf", conf.toString());

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).contains("bucketkeeper start: " + conf, expected);
    }

    @Test
    void saysThatThereIsNoFile() {
        int exitCode =
                run("start", "--controller-conf", folder.resolve("none.conf").toString());

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).contains("none.conf: there is no such file");
    }

    @Test
    void refusesOptionsForAProgramThatIsNone() throws Exception {
        int exitCode = run("start", "--controller-conf", conf("").toString(), "--options", "dtable-wab=--port 0");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString())
                .contains("there is no program \"dtable-wab\"; there are cluster-monitor, dtable-server,");
    }

    private Path conf(String text) throws IOException {
        return Files.writeString(folder.resolve("seatable-controller.conf"), text);
    }

    private int run(String... arguments) {
        CommandLine commandLine = BucketKeeper.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        return commandLine.execute(arguments);
    }

    private HttpResponse<String> serverOfABase() {
        Matcher port = Pattern.compile("dtable-web on 127.0.0.1:(\\d+)").matcher(out.toString());
        assertThat(port.find()).as(out.toString()).isTrue();
        URI url = URI.create("http://127.0.0.1:" + port.group(1) + "/api/v1/dtables/" + UUID.randomUUID() + "/server/");
        try {
            return HttpClient.newHttpClient().send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still waiting for " + what).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
