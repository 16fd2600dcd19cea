package org.bucketkeeper.examples.monitor;

import org.bucketkeeper.examples.program.ClusterOptions;
import org.bucketkeeper.examples.program.ProgramCommand;
import org.bucketkeeper.examples.program.ProgramRunner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a cluster monitor until it is told to end. */
@Command(
        name = "cluster-monitor",
        description = {
            "Assigns the buckets to the live dtable-servers. Run it on two or three machines: one leads, and another takes"
                    + " over when it ends.",
            "",
            "It ends in order on SIGTERM: it gives the leadership back first."
        })
public final class MonitorCommand implements Runnable, ProgramCommand {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions(System.getenv());

    @Option(
            names = "--monitor-id",
            paramLabel = "NAME",
            description = "The name that is shown while it leads; by default made from the host's name.")
    private @Nullable String monitorId;

    @Override
    public void run() {
        ProgramRunner.run(spec.commandLine().getOut(), this::start);
    }

    @Override
    public void start(ProgramRunner runner) {
        String name = monitorId == null ? MonitorProgram.defaultMonitorId() : monitorId;
        runner.started(MonitorProgram.start(runner.connect(cluster.config()), name));
    }
}
