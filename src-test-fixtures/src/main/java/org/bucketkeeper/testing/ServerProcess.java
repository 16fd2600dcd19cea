package org.bucketkeeper.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A server run as a child process of this JVM, which it never outlives. Not safe for use by several threads at once. */
final class ServerProcess implements ServerControl {

    private static final Duration START_BOUND = Duration.ofSeconds(60);
    private static final Duration STOP_BOUND = Duration.ofSeconds(30);
    private static final int LOG_LINES_SHOWN = 30;

    private final String name;
    private final List<String> command;
    private final TemporaryFolder folder;
    private final Path log;
    private final BooleanSupplier answers;
    private final String endSignal;
    private final Thread atJvmEnd = new Thread(this::killSilently, "bucketkeeper-server-end");

    private volatile @Nullable Process process;

    /**
     * Describes the process without starting it.
     *
     * @param name what messages call the server
     * @param command the program and its arguments
     * @param folder where the output of every run is kept; removed with the process
     * @param answers asked again and again after a start until it says that the server is ready
     */
    ServerProcess(String name, List<String> command, TemporaryFolder folder, BooleanSupplier answers) {
        this(name, command, folder, answers, "KILL");
    }

    /**
     * Describes, without starting it, the process of a server that has children of its own, which would outlive a
     * SIGKILL of their parent.
     *
     * @param endSignal on what it ends its children and itself at once, with nothing saved: what a crash is for others
     */
    ServerProcess(
            String name, List<String> command, TemporaryFolder folder, BooleanSupplier answers, String endSignal) {
        this.endSignal = endSignal;
        this.name = name;
        this.command = List.copyOf(command);
        this.folder = folder;
        this.log = folder.path().resolve("server.log");
        this.answers = answers;
        Runtime.getRuntime().addShutdownHook(atJvmEnd);
    }

    @Override
    public void start() {
        spawn();
        awaitReady();
    }

    /** Starts the process and does not wait for it: members of a cluster are ready only together. */
    void spawn() {
        if (isAlive()) {
            throw new IllegalStateException(name + " is already running");
        }
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            process = started;
            OrphanGuard guard = new OrphanGuard(started);
            var unused = started.onExit().thenRun(guard::close);
        } catch (IOException e) {
            throw new ServerStartException("Cannot run " + command, e);
        }
    }

    /** Returns when the server answers. */
    void awaitReady() {
        boolean settled = Waiting.until(START_BOUND, () -> !isAlive() || answers.getAsBoolean());
        // Looked at again after the answer: on a clash of ports it is another server that answers.
        if (settled && isAlive()) {
            return;
        }
        String what = settled ? " ended" : " gave no answer within " + START_BOUND.toSeconds() + " s";
        killSilently();
        String message = name + what + " after its start as " + command + "; its log ends with:\n" + endOfLog();
        throw endOfLog().toLowerCase(Locale.ROOT).contains("address already in use")
                ? ServerStartException.portTaken(message, null)
                : new ServerStartException(message);
    }

    boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    @Override
    public void stop() {
        Process running = running("stopped");
        resume();
        running.destroy();
        if (!ended(running)) {
            killSilently();
            throw new IllegalStateException(name + " did not end within " + STOP_BOUND.toSeconds()
                    + " s of being asked to; it was killed. Its log ends with:\n" + endOfLog());
        }
    }

    @Override
    public void kill() {
        running("killed");
        killSilently();
    }

    @Override
    public void pause() {
        signal("STOP", running("paused"));
    }

    @Override
    public void resume() {
        signal("CONT", running("resumed"));
    }

    @Override
    public void close() {
        killSilently();
        try {
            Runtime.getRuntime().removeShutdownHook(atJvmEnd);
        } catch (IllegalStateException theJvmIsEnding) {
            // Then the hook runs anyway, and finds nothing left to end.
        }
        folder.close();
    }

    private Process running(String wish) {
        Process current = process;
        if (current == null || !current.isAlive()) {
            throw new IllegalStateException(name + " cannot be " + wish + ": it is not running");
        }
        return current;
    }

    private void killSilently() {
        Process current = process;
        if (current != null) {
            if (!endSignal.equals("KILL") && current.isAlive()) {
                // It may be frozen, and may end by itself meanwhile: that no signal arrives is no failure here.
                sent("CONT", current);
                sent(endSignal, current);
                if (ended(current)) {
                    return;
                }
            }
            current.destroyForcibly();
            if (!ended(current)) {
                throw new IllegalStateException(name + " outlived a SIGKILL, process id " + current.pid());
            }
        }
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw Waiting.interrupted(e);
        }
    }

    private static void signal(String signal, Process target) {
        if (sent(signal, target) != 0) {
            throw new IllegalStateException("Could not send SIG" + signal + " to process " + target.pid());
        }
    }

    /** Returns the exit code of the sending: 0 if the signal was sent. */
    private static int sent(String signal, Process target) {
        try {
            // The shell's own kill: a bare machine need not have the program.
            Process shell = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + target.pid())
                    .inheritIO()
                    .start();
            return ended(shell) ? shell.exitValue() : -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String endOfLog() {
        try {
            List<String> lines =
                    Files.readString(log, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }
}
