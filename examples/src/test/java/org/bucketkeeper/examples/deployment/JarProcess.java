package org.bucketkeeper.examples.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the jar in a process of its own; its output is kept under target/deployment. */
final class JarProcess implements AutoCloseable {

    private final String name;
    private final Process process;
    private final Path log;

    private JarProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    static JarProcess start(String name, Path logs, Path workingFolder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Many JVMs share few processors here.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-jar",
                System.getProperty("bucketkeeper.jar")));
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile(Files.createDirectories(logs), name + "-", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workingFolder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("ETCD_"));
        return new JarProcess(name, builder.start(), log);
    }

    /** Asks the program to end in order, and waits until it has. */
    void stop() throws IOException, InterruptedException {
        signal("TERM");
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("%s ends in order; its log is %s", name, log)
                .isTrue();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("%s is dead", name).isTrue();
    }

    /** Sends STOP, CONT or TERM. */
    void signal(String signal) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exitCode).as("kill -%s %s", signal, name).isZero();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String log() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    /** Kills it if it is still there. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
