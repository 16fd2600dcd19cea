package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.monitor.RebalanceOutcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evens the load out. */
@Command(name = "rebalance", description = "Has the leading monitor even the load out now, with the fewest moves.")
final class RebalanceCommand implements Callable<Integer> {

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Option(names = "--dry-run", description = "Only show what would move, as plan does.")
    private boolean dryRun;

    @Override
    public Integer call() throws InterruptedException {
        return options.run(cluster -> dryRun
                ? PlanAnswer.of(
                        RebalanceMode.BALANCE, cluster.await(cluster.operator().plan(RebalanceMode.BALANCE)))
                : answer(cluster.awaitAnswer(cluster.operator().rebalance())));
    }

    private static Answer answer(RebalanceOutcome outcome) {
        ObjectNode json = CtlJson.object()
                .put("total", outcome.total())
                .put("lower_bound", outcome.lowerBound())
                .put("revision", outcome.revision());
        json.set("moves", CtlJson.moves(outcome.moves()));
        if (outcome.total() == 0) {
            return Answer.done("Nothing moves: the load is even already.", json);
        }
        String sum = Text.count(outcome.total(), "bucket moves", "buckets move") + " (lower bound "
                + outcome.lowerBound() + "), revision " + outcome.revision() + ".";
        String moves = outcome.moves().isEmpty() ? "" : "\n\n" + CtlJson.moveTable(outcome.moves());
        return Answer.done(sum + moves, json);
    }
}
