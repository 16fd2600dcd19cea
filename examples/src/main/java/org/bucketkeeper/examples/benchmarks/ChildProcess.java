package org.bucketkeeper.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/** Another Java process that takes part in a measurement, and reads the end of its input if this one ends. */
final class ChildProcess {

    private final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts one.
     *
     * @param program has a main method
     * @param said gets each line of its output
     */
    static ChildProcess start(Class<?> program, List<String> arguments, BlockingQueue<String> said) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Thread reader = new Thread(() -> read(process, said), "benchmark-child-output");
            reader.setDaemon(true);
            reader.start();
            return new ChildProcess(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(Process process, BlockingQueue<String> said) {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(said::add);
        } catch (UncheckedIOException | IOException ended) {
            said.add("ended: " + ended.getMessage());
        }
    }

    /** Ends it as a machine's end would: nothing is given back. */
    void kill() {
        process.destroyForcibly();
    }
}
