package org.bucketkeeper.examples.ctl;

import java.util.concurrent.Callable;
import org.bucketkeeper.assignment.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Spares a node from more. */
@Command(name = "cordon", description = "Lets a node keep its buckets and get no more.")
final class CordonCommand implements Callable<Integer> {

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Parameters(paramLabel = "NODE", description = "The node's name.")
    private String nodeId = "";

    @Override
    public Integer call() throws InterruptedException {
        return options.run(cluster -> {
            PolicyChange change = NodeCommands.wish(cluster, nodeId, Policy::cordon);
            String text = change.happened()
                    ? nodeId + " is cordoned: it keeps its buckets and gets no more."
                    : nodeId + " is cordoned already.";
            return Answer.done(text, NodeCommands.json(nodeId, change));
        });
    }
}
