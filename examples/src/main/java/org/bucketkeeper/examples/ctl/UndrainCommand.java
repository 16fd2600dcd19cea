package org.bucketkeeper.examples.ctl;

import java.util.concurrent.Callable;
import org.bucketkeeper.assignment.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a drain back. */
@Command(name = "undrain", description = "Lets a drained node get buckets again; also one that has gone.")
final class UndrainCommand implements Callable<Integer> {

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Parameters(paramLabel = "NODE", description = "The node's name.")
    private String nodeId = "";

    @Override
    public Integer call() throws InterruptedException {
        return options.run(cluster -> {
            PolicyChange change = NodeCommands.takeBack(cluster, nodeId, Policy::undrain);
            String text = change.happened()
                    ? nodeId + " is no longer draining: it may get buckets again."
                    : nodeId + " is not draining.";
            return Answer.done(text, NodeCommands.json(nodeId, change));
        });
    }
}
