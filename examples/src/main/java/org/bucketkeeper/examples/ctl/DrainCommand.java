package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.monitor.NodeCondition;
import org.bucketkeeper.monitor.NodeOverview;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Empties a node. */
@Command(
        name = "drain",
        description = {
            "Has a node give all its buckets away and get no more, and waits until it is empty.",
            "",
            "The drain stays in force until undrain, also if this command ends before the node is empty."
        })
final class DrainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Parameters(paramLabel = "NODE", description = "The node's name.")
    private String nodeId = "";

    @Option(names = "--no-wait", description = "Do not wait until the node is empty.")
    private boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait; ${DEFAULT-VALUE} by default. Then exit code 4.",
            defaultValue = "600")
    private long timeoutSeconds;

    @Override
    public Integer call() throws InterruptedException {
        if (timeoutSeconds < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--timeout': must be 1 or more seconds, but is " + timeoutSeconds);
        }
        return options.run((cluster, screen) -> {
            if (!noWait) {
                requireTaker(cluster.overview());
            }
            PolicyChange change = NodeCommands.wish(cluster, nodeId, Policy::drain);
            ObjectNode json = NodeCommands.json(nodeId, change);
            if (noWait) {
                String text = change.happened()
                        ? nodeId + " is draining: it gives its buckets away and gets no more."
                        : nodeId + " is draining already.";
                return Answer.done(text, json);
            }
            return waitUntilEmpty(cluster, screen, json);
        });
    }

    /** Without another node that may take the buckets, the wait would be for nothing. */
    private void requireTaker(ClusterOverview overview) {
        boolean taker = overview.nodes().stream()
                .anyMatch(node ->
                        node.condition() == NodeCondition.LIVE && !node.nodeId().equals(nodeId));
        if (overview.node(nodeId) != null && !taker) {
            throw CtlException.refused("no other node may take the buckets of " + nodeId
                    + ": all are cordoned, draining or gone; with --no-wait it is drained as soon as one may");
        }
    }

    private Answer waitUntilEmpty(CtlCluster cluster, Screen screen, ObjectNode json) throws InterruptedException {
        DrainWait wait = new DrainWait(cluster, nodeId, new ProgressBar(screen, "Draining " + nodeId));
        NodeOverview left = wait.until(Duration.ofSeconds(timeoutSeconds));
        boolean empty = left.assigned() == 0 && left.held() == 0;
        json.put("assigned", left.assigned()).put("held", left.held()).put("empty", empty);
        if (empty) {
            return Answer.done(nodeId + " is empty: it may be stopped.", json);
        }
        return new Answer(
                ExitCode.NOT_IN_TIME,
                nodeId + " is not empty after " + timeoutSeconds + " s: " + left.assigned()
                        + " buckets are still assigned to it, and it holds " + left.held()
                        + ". It goes on draining; watch shows how far it gets, and undrain takes it back.",
                json);
    }
}
