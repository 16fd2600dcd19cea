package org.bucketkeeper.examples;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import org.bucketkeeper.examples.benchmarks.BenchmarkCommand;
import org.bucketkeeper.examples.ctl.CtlCommand;
import org.bucketkeeper.examples.demo.DemoCommand;
import org.bucketkeeper.examples.load.CheckHistoryCommand;
import org.bucketkeeper.examples.load.LoadCommand;
import org.bucketkeeper.examples.monitor.MonitorCommand;
import org.bucketkeeper.examples.program.HealthCommand;
import org.bucketkeeper.examples.proxy.ProxyCommand;
import org.bucketkeeper.examples.server.ServerCommand;
import org.bucketkeeper.examples.simulate.SimulateCommand;
import org.bucketkeeper.examples.start.StartCommand;
import org.bucketkeeper.examples.web.WebCommand;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExitCodeGenerator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry of the runnable jar. Exit codes: 0 all is well, 1 something was off, 2 wrong usage. */
@Command(
        name = "bucketkeeper",
        description = "BucketKeeper spreads a stateful fleet's buckets over its nodes: the programs of a deployment, a"
                + " demonstration, benchmarks and a simulator.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = ResourceVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is well", "1:something was off", "2:wrong usage"},
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServerCommand.class,
            WebCommand.class,
            ProxyCommand.class,
            MonitorCommand.class,
            StartCommand.class,
            CtlCommand.class,
            HealthCommand.class,
            LoadCommand.class,
            CheckHistoryCommand.class,
            DemoCommand.class,
            BenchmarkCommand.class,
            SimulateCommand.class
        })
public final class BucketKeeper implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private boolean verbose;

    private BucketKeeper() {}

    /** Runs the command that the arguments name and exits with its code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Returns the whole command line, for whoever runs it in a process of their own, such as a test. */
    public static CommandLine commandLine() {
        BucketKeeper bucketKeeper = new BucketKeeper();
        return new CommandLine(bucketKeeper)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(BucketKeeper::refuse)
                .setExecutionExceptionHandler((failure, command, arguments) -> bucketKeeper.report(failure, command));
    }

    @Option(
            names = {"-v", "--verbose"},
            description = "Log what the library does, to standard error.",
            scope = ScopeType.INHERIT)
    void setVerbose(boolean newVerbose) {
        verbose = newVerbose;
        ((Logger) LoggerFactory.getLogger("org.bucketkeeper")).setLevel(newVerbose ? Level.INFO : null);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: "
                        + String.join(" or ", spec.subcommands().keySet()));
    }

    private static int refuse(ParameterException refusal, String[] arguments) {
        CommandLine command = refusal.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(command.getColorScheme().errorText(name + ": " + refusal.getMessage()));
        UnmatchedArgumentException.printSuggestions(refusal, err);
        err.println("Try '" + name + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private int report(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(command.getColorScheme().errorText(name + ": " + failure.getMessage()));
        if (verbose) {
            failure.printStackTrace(err);
        }
        return failure instanceof IExitCodeGenerator coded ? coded.getExitCode() : CommandLine.ExitCode.SOFTWARE;
    }
}
