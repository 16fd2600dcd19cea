package org.bucketkeeper.examples.ctl;

import java.util.concurrent.Callable;
import org.bucketkeeper.assignment.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a cordon back. */
@Command(name = "uncordon", description = "Lets a cordoned node get buckets again; also one that has gone.")
final class UncordonCommand implements Callable<Integer> {

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Parameters(paramLabel = "NODE", description = "The node's name.")
    private String nodeId = "";

    @Override
    public Integer call() throws InterruptedException {
        return options.run(cluster -> {
            PolicyChange change = NodeCommands.takeBack(cluster, nodeId, Policy::uncordon);
            String text = change.happened()
                    ? nodeId + " is no longer cordoned: it may get buckets again."
                    : nodeId + " is not cordoned.";
            return Answer.done(text, NodeCommands.json(nodeId, change));
        });
    }
}
