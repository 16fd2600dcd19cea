package org.bucketkeeper.examples.program;

import ch.qos.logback.classic.Level;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.config.ClusterConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs programs in this process until it is told to end (SIGTERM, SIGINT) or one of them cannot go on; then stops all,
 * the last that started first.
 */
public final class ProgramRunner {

    private static final Logger LOG = LoggerFactory.getLogger(ProgramRunner.class);

    /** Above what any program's own bounds add up to. */
    private static final long LONGEST_STOP_SECONDS = 120;

    private final PrintWriter out;
    private final Vertx vertx = Vertx.vertx();
    private final Deque<Program> running = new ArrayDeque<>();
    private final Deque<ClusterConnection> connections = new ArrayDeque<>();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private boolean stopped;

    private ProgramRunner(PrintWriter out) {
        this.out = out;
    }

    /** Starts programs on a runner, one after the other. */
    @FunctionalInterface
    public interface Start {

        /**
         * Starts them with {@link ProgramRunner#started}.
         *
         * @throws ProgramException if one does not start; those that did are stopped
         */
        void start(ProgramRunner runner);
    }

    /**
     * Runs programs; returns when they have ended.
     *
     * @param out where the start lines go
     * @throws ProgramException if one does not start, or cannot go on
     */
    public static void run(PrintWriter out, Start start) {
        var library = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("org.bucketkeeper");
        Level before = library.getLevel();
        library.setLevel(Level.INFO);
        ProgramRunner runner = new ProgramRunner(out);
        Thread hook = new Thread(runner::stopAll, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            start.start(runner);
            runner.awaitFailure();
        } finally {
            runner.stopAll();
            library.setLevel(before);
        }
    }

    /** Returns what all programs of this process run on. */
    public Vertx vertx() {
        return vertx;
    }

    /**
     * Returns a connection to a cluster, which is closed after all programs.
     *
     * @throws ProgramException if the configuration cannot be used
     */
    public synchronized ClusterConnection connect(ClusterConfig config) {
        ClusterConnection connection = ClusterConnection.open(config);
        connections.push(connection);
        return connection;
    }

    /** Takes a program that was started, and says what it is. */
    public synchronized void started(Program program) {
        running.push(program);
        program.failure().whenComplete((done, cause) -> {
            if (cause != null) {
                failure.completeExceptionally(cause);
            }
        });
        out.println(program.startLine());
        out.flush();
    }

    private void awaitFailure() {
        try {
            failure.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ProgramException(String.valueOf(cause.getMessage()), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called at the end, and when the process is told to end; whoever comes second waits for the first. */
    private synchronized void stopAll() {
        if (stopped) {
            return;
        }
        stopped = true;
        while (!running.isEmpty()) {
            stop(running.pop());
        }
        while (!connections.isEmpty()) {
            connections.pop().close();
        }
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Vert.x did not close in order: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Program program) {
        LOG.info("Stopping: {}", program.startLine());
        try {
            program.stop().toCompletableFuture().get(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
            LOG.info("Stopped: {}", program.startLine());
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Did not stop in order: {}: {}", program.startLine(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Interrupted while stopping: {}", program.startLine());
        }
    }
}
