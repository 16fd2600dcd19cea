package org.bucketkeeper.examples.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Groups the commands for operators. */
@Command(
        name = "ctl",
        description = {
            "Shows how a cluster stands, and steers it.",
            "",
            "A command that reads ends within a few of the store's request timeouts, or says that the store is out of"
                    + " reach. Rebalance and release wait up to 20 s longer for the monitor or the owner; drain and watch go"
                    + " on for as long as they are told."
        },
        scope = ScopeType.INHERIT,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused, or nobody serves what was asked for",
            "2:wrong usage",
            "3:the store, the monitor or an owner did not answer",
            "4:a drain was not finished in time; it stays in force"
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            StatusCommand.class,
            RouteCommand.class,
            PlanCommand.class,
            RebalanceCommand.class,
            CordonCommand.class,
            UncordonCommand.class,
            DrainCommand.class,
            UndrainCommand.class,
            PinCommand.class,
            UnpinCommand.class,
            ReleaseCommand.class,
            WatchCommand.class,
            HistoryCommand.class
        })
public final class CtlCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: "
                        + String.join(" or ", spec.subcommands().keySet()));
    }
}
