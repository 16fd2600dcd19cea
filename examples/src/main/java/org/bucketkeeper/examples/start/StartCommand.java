package org.bucketkeeper.examples.start;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.bucketkeeper.examples.monitor.MonitorCommand;
import org.bucketkeeper.examples.program.ProgramCommand;
import org.bucketkeeper.examples.program.ProgramException;
import org.bucketkeeper.examples.program.ProgramRunner;
import org.bucketkeeper.examples.proxy.ProxyCommand;
import org.bucketkeeper.examples.server.ServerCommand;
import org.bucketkeeper.examples.web.WebCommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts the programs that a {@code seatable-controller.conf} enables, in one process. */
@Command(
        name = "start",
        description = {
            "Starts the programs that a seatable-controller.conf enables, in one process, until it is told to end.",
            "",
            "ENABLE_DTABLE_SERVER and ENABLE_DTABLE_WEB are on unless the file says false; ENABLE_DTABLE_SERVER_PROXY"
                    + " and ENABLE_CLUSTER_MONITOR are off unless it says true. Each program runs as its own command"
                    + " does with the same --config."
        })
public final class StartCommand implements Callable<Integer> {

    /** In the order of their start; they stop in the opposite one. */
    private static final List<Part> PARTS = List.of(
            new Part("cluster-monitor", "ENABLE_CLUSTER_MONITOR", Unset.OFF, MonitorCommand::new),
            new Part("dtable-server", "ENABLE_DTABLE_SERVER", Unset.ON, ServerCommand::new),
            new Part("dtable-server-proxy", "ENABLE_DTABLE_SERVER_PROXY", Unset.OFF, ProxyCommand::new),
            new Part("dtable-web", "ENABLE_DTABLE_WEB", Unset.ON, WebCommand::new));

    /** What holds for a program that the file does not mention. */
    private enum Unset {
        ON,
        OFF
    }

    /** A program of ours, the switch that enables it, and its command. */
    private record Part(String name, String variable, Unset unset, Supplier<? extends ProgramCommand> command) {

        boolean isEnabled(ControllerConf conf) {
            return conf.isOn(variable, unset == Unset.ON);
        }
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--controller-conf",
            paramLabel = "FILE",
            required = true,
            description = "The operators' seatable-controller.conf.")
    private Path controllerConf = Path.of("seatable-controller.conf");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The operators' dtable_server_config.json; without it the environment names the cluster.")
    private @Nullable Path config;

    @Option(
            names = "--options",
            paramLabel = "PROGRAM=TEXT",
            description = {
                "More options for one of the programs, separated by spaces;",
                "such as --options dtable-server=\"--port 5001 --node-id a\"."
            })
    private Map<String, String> options = Map.of();

    @Override
    public Integer call() {
        requireKnownPrograms();
        ControllerConf conf = ControllerConf.read(controllerConf);
        List<Part> enabled = PARTS.stream().filter(part -> part.isEnabled(conf)).toList();
        if (enabled.isEmpty()) {
            throw new ProgramException(conf + " enables no program of BucketKeeper; set one of "
                    + String.join(", ", PARTS.stream().map(Part::variable).toList()));
        }
        PrintWriter out = spec.commandLine().getOut();
        ProgramRunner.run(out, runner -> {
            skipped(conf).forEach(name -> out.println("Skip " + name));
            enabled.forEach(part -> command(part).start(runner));
            out.println();
            out.println("BucketKeeper started");
            out.flush();
        });
        return CommandLine.ExitCode.OK;
    }

    private void requireKnownPrograms() {
        List<String> known = PARTS.stream().map(Part::name).toList();
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Invalid value for option '--options': there is no program \"" + name + "\"; there are "
                                + String.join(", ", known));
            }
        }
    }

    /** Returns the command as if it had been typed with our file, and with what more was said for it. */
    private ProgramCommand command(Part part) {
        List<String> arguments = new ArrayList<>();
        if (config != null) {
            arguments.addAll(List.of("--config", config.toString()));
        }
        String more = options.getOrDefault(part.name(), "").strip();
        if (!more.isEmpty()) {
            arguments.addAll(List.of(more.split("\\s+", -1)));
        }
        ProgramCommand command = part.command().get();
        new CommandLine(command).parseArgs(arguments.toArray(new String[0]));
        return command;
    }

    private static List<String> skipped(ControllerConf conf) {
        List<String> skipped = new ArrayList<>();
        List<String> ours = PARTS.stream().map(Part::variable).toList();
        for (String variable : conf.switches()) {
            if (!ours.contains(variable)) {
                skipped.add(otherName(variable) + (conf.isOn(variable, false) ? " (no program of BucketKeeper)" : ""));
            }
        }
        PARTS.stream().filter(part -> !part.isEnabled(conf)).forEach(part -> skipped.add(part.name()));
        return skipped;
    }

    /** Returns such as {@code ccnet-server} for ENABLE_CCNET_SERTVER, which is how operators' files have it. */
    private static String otherName(String variable) {
        return variable.substring(ControllerConf.ENABLE.length())
                .replace("SERTVER", "SERVER")
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
    }
}
