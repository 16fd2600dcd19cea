package org.bucketkeeper.examples.monitor;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.bucketkeeper.config.Secret;
import org.bucketkeeper.examples.admin.Admin;
import org.bucketkeeper.examples.admin.AdminOptions;
import org.bucketkeeper.examples.admin.AdminSettings;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.examples.program.ClusterOptions;
import org.bucketkeeper.examples.program.ProgramCommand;
import org.bucketkeeper.examples.program.ProgramRunner;
import org.bucketkeeper.metrics.MonitorMetrics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = {
                "Answer operators on this port, 0 for any that is free: /healthz, /metrics and the rest that the proxy has.",
                "By default nowhere. Changes ask for the token in the environment's " + AdminOptions.TOKEN_VARIABLE
                        + "."
            })
    private @Nullable Integer adminPort;

    @Option(
            names = "--admin-host",
            paramLabel = "ADDRESS",
            description = "Where that port is; by default 127.0.0.1, for this machine only.")
    private String adminHost = AdminSettings.DEFAULT_HOST;

    @Override
    public void run() {
        ProgramRunner.run(spec.commandLine().getOut(), this::start);
    }

    @Override
    public void start(ProgramRunner runner) {
        String name = monitorId == null ? MonitorProgram.defaultMonitorId() : monitorId;
        AdminSettings admin = adminSettings();
        ClusterConnection connection = runner.connect(cluster.config());
        MonitorProgram monitor = MonitorProgram.start(connection, name);
        runner.started(monitor);
        if (admin != null) {
            PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            new MonitorMetrics(monitor.monitor()).bindTo(meters);
            runner.started(Admin.start(runner.vertx(), connection, meters, admin));
        }
    }

    private @Nullable AdminSettings adminSettings() {
        if (adminPort == null) {
            return null;
        }
        String token = cluster.environment().text(AdminOptions.TOKEN_VARIABLE);
        try {
            return new AdminSettings(adminHost, adminPort, token == null ? null : Secret.of(token));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }
}
