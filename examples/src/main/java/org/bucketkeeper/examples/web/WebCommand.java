package org.bucketkeeper.examples.web;

import java.util.concurrent.Callable;
import org.bucketkeeper.examples.program.ClusterOptions;
import org.bucketkeeper.examples.program.ProgramCommand;
import org.bucketkeeper.examples.program.ProgramRunner;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs dtable-web until the process is told to end. */
@Command(
        name = "dtable-web",
        description = {
            "Tells browsers which server has a base, and gives them a page that shows it live.",
            "",
            WebSettings.PROXY_URL + " names the proxy that internal calls go through. With "
                    + ClusterOptions.ENABLE_DTABLE_SERVER_CLUSTER + "=false there is one server, which "
                    + WebSettings.SERVER_URL + " names."
        })
public final class WebCommand implements Callable<Integer>, ProgramCommand {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions(System.getenv());

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "The address to listen on; ${DEFAULT-VALUE} by default.")
    private String host = WebSettings.DEFAULT_HOST;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port to listen on, 0 for any that is free; ${DEFAULT-VALUE} by default.")
    private int port = WebSettings.DEFAULT_PORT;

    @Override
    public Integer call() {
        ProgramRunner.run(spec.commandLine().getOut(), this::start);
        return CommandLine.ExitCode.OK;
    }

    @Override
    public void start(ProgramRunner runner) {
        if (cluster.clusterIsEnabled()) {
            WebSettings settings = WebSettings.inCluster(host, port, cluster.environment());
            runner.started(DtableWeb.start(runner.vertx(), runner.connect(cluster.config()), settings));
        } else {
            WebSettings settings = WebSettings.alone(host, port, cluster.environment());
            runner.started(DtableWeb.startAlone(runner.vertx(), settings));
        }
    }
}
