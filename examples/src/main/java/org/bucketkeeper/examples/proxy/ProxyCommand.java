package org.bucketkeeper.examples.proxy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.bucketkeeper.examples.admin.Admin;
import org.bucketkeeper.examples.admin.AdminOptions;
import org.bucketkeeper.examples.admin.AdminSettings;
import org.bucketkeeper.examples.monitor.MonitorProgram;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.examples.program.ClusterOptions;
import org.bucketkeeper.examples.program.ProgramCommand;
import org.bucketkeeper.examples.program.ProgramRunner;
import org.bucketkeeper.metrics.MonitorMetrics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a proxy. */
@Command(
        name = "dtable-server-proxy",
        description = {
            "Forwards each request about a base to the server that owns it; holds requests during a hand-over.",
            "",
            "The base's UUID is taken from the path, such as /api/v1/dtables/UUID/, or from dtable_uuid in the query."
        })
public final class ProxyCommand implements Callable<Integer>, ProgramCommand {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions(System.getenv());

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(
            names = "--with-monitor",
            description = "Run a cluster monitor in the same process; others may run elsewhere.")
    private boolean withMonitor;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Listen on this address; by default 0.0.0.0, all of them.")
    private String host = ProxySettings.DEFAULT.host();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Listen on this port, 0 for any that is free; by default 5550.")
    private int port = ProxySettings.DEFAULT.port();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up when nothing has moved for so long; by default 180.")
    private long timeout = ProxySettings.DEFAULT.timeout().toSeconds();

    @Option(
            names = "--hold",
            paramLabel = "SECONDS",
            description = "Hold requests that did not run for so long during a hand-over; by default 10.")
    private long hold = ProxySettings.DEFAULT.hold().toSeconds();

    @Option(
            names = "--max-held",
            paramLabel = "COUNT",
            description = "Hold so many requests at once; by default 10000.")
    private int maxHeld = ProxySettings.DEFAULT.maxHeld();

    @Option(
            names = "--connections-per-node",
            paramLabel = "COUNT",
            description = "Send so many requests to one server at once; by default 256.")
    private int connectionsPerNode = ProxySettings.DEFAULT.connectionsPerNode();

    @Option(
            names = "--stop-timeout",
            paramLabel = "SECONDS",
            description = "Give running requests so long to end when stopping; by default 20.")
    private long stopTimeout = ProxySettings.DEFAULT.stopTimeout().toSeconds();

    @Override
    public Integer call() {
        ProgramRunner.run(spec.commandLine().getOut(), this::start);
        return CommandLine.ExitCode.OK;
    }

    @Override
    public void start(ProgramRunner runner) {
        ProxySettings settings = settings();
        ClusterConnection connection = runner.connect(cluster.config());
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        AdminSettings adminSettings = adminSettings();
        runner.started(Proxy.start(runner.vertx(), connection, meters, settings));
        if (adminSettings != null) {
            runner.started(Admin.start(runner.vertx(), connection, meters, adminSettings));
        }
        if (withMonitor) {
            MonitorProgram monitor = MonitorProgram.start(connection, MonitorProgram.defaultMonitorId());
            new MonitorMetrics(monitor.monitor()).bindTo(meters);
            runner.started(monitor);
        }
    }

    private @Nullable AdminSettings adminSettings() {
        try {
            return admin.settings(cluster.environment());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }

    private ProxySettings settings() {
        try {
            return ProxySettings.DEFAULT
                    .listeningOn(host, port)
                    .withTimeouts(
                            Duration.ofSeconds(timeout), Duration.ofSeconds(hold), Duration.ofSeconds(stopTimeout))
                    .withLimits(maxHeld, connectionsPerNode, ProxySettings.DEFAULT.queuePerNode());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }
}
