package org.bucketkeeper.examples.ctl;

import java.util.concurrent.Callable;
import org.bucketkeeper.assignment.RebalanceMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what would move. */
@Command(
        name = "plan",
        description = {
            "Shows which buckets would move where, and why, without changing anything.",
            "",
            "With --mode keep what the monitor would do by itself, with --mode balance what a rebalance would do."
        })
final class PlanCommand implements Callable<Integer> {

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "keep or balance; ${DEFAULT-VALUE} by default.",
            defaultValue = "balance")
    private RebalanceMode mode = RebalanceMode.BALANCE;

    @Override
    public Integer call() throws InterruptedException {
        return options.run(
                cluster -> PlanAnswer.of(mode, cluster.await(cluster.operator().plan(mode))));
    }
}
