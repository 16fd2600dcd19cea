package org.bucketkeeper.examples.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bucketkeeper.ClusterClient;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.examples.BucketKeeper;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.ownership.Tenure;
import org.bucketkeeper.testing.EtcdServer;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** A small cluster on a real etcd, with an operator at its command line. */
final class OperatedCluster {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String prefix = "/bucketkeeper/ctl-" + UUID.randomUUID() + "/";
    private final EtcdServer etcd;
    private final Path config;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final ClusterClient observer;

    OperatedCluster(EtcdServer etcd, Path folder) throws IOException {
        this.etcd = etcd;
        this.config = Files.writeString(
                folder.resolve("dtable_server_config.json"), """
                {"cluster_config": {"etcd_host": "%s", "prefix": "%s"}}
                """.formatted(String.join(",", etcd.endpoints()), prefix));
        this.observer = closedLater(ClusterClient.connect(store(), prefix));
    }

    /** What a command said, and how it ended. */
    record Result(int exitCode, String out, String err) {

        List<String> lines() {
            return out.lines().toList();
        }
    }

    ClusterMonitor startMonitor() {
        return closedLater(ClusterMonitor.builder(store())
                .prefix(prefix)
                .monitorId("monitor-1")
                .settleWindow(Duration.ofMillis(500))
                .start());
    }

    ClusterServer startServer(String nodeId) {
        return start(ClusterServer.builder(store()), nodeId);
    }

    /** Starts a server that takes as long to let go of a bucket as the stage does that {@code onRelease} returns. */
    ClusterServer startServer(String nodeId, Function<Tenure, CompletionStage<?>> onRelease) {
        return start(ClusterServer.builder(store()).onRelease(onRelease), nodeId);
    }

    private ClusterServer start(ClusterServer.Builder builder, String nodeId) {
        NodeInfo node =
                NodeInfo.of(nodeId, "https://" + nodeId + ".example.com/", "http://" + nodeId + ".internal:5000/");
        return closedLater(builder.node(node)
                .prefix(prefix)
                .leaveTimeout(Duration.ofMillis(500))
                .start());
    }

    /** Starts a monitor and servers, and returns when each holds its share. */
    void startWith(String... nodeIds) {
        for (String nodeId : nodeIds) {
            startServer(nodeId);
        }
        awaitOverview(overview -> overview.nodes().size() == nodeIds.length);
        startMonitor();
        awaitSettled();
    }

    void awaitSettled() {
        awaitOverview(overview -> overview.buckets().stream()
                .allMatch(bucket -> bucket.assignedTo() != null && !bucket.isChangingHands()));
    }

    ClusterOverview awaitOverview(Predicate<ClusterOverview> condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<ClusterOverview> seen = new ArrayList<>();
        while (true) {
            assertThat(System.nanoTime())
                    .as("still waiting; last seen: %s", seen)
                    .isLessThan(end);
            try {
                ClusterOverview overview =
                        observer.operator().overview().toCompletableFuture().get(5, TimeUnit.SECONDS);
                seen.clear();
                seen.add(overview);
                if (condition.test(overview)) {
                    return overview;
                }
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } catch (Exception e) {
                seen.clear();
            }
        }
    }

    /** Runs a command to its end. */
    Result ctl(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = execute(out, err, arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** Runs a command that writes to {@code out} while it runs. */
    int execute(StringWriter out, StringWriter err, String... arguments) {
        List<String> all = new ArrayList<>(List.of("ctl"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        return run(out, err, Ansi.OFF, all.toArray(new String[0]));
    }

    /** Runs any command line. */
    static int run(StringWriter out, StringWriter err, Ansi ansi, String... arguments) {
        CommandLine commandLine = BucketKeeper.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
        return commandLine.execute(arguments);
    }

    private EtcdStore store() {
        return closedLater(EtcdStore.builder().endpoints(etcd.endpoints()).build());
    }

    private <T extends AutoCloseable> T closedLater(T closeable) {
        open.push(closeable);
        return closeable;
    }

    /** Ends everything, the last that was started first. */
    void end() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
