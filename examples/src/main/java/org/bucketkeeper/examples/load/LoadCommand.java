package org.bucketkeeper.examples.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Puts load on a deployment. */
@Command(
        name = "load",
        description = {
            "Writes and reads new bases through a proxy, over HTTP and WebSockets, and writes down what came of it.",
            "",
            "Drain, stop and kill servers meanwhile, and let check-history tell whether a row was lost."
        })
public final class LoadCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--proxy", paramLabel = "URL", description = "The proxy; ${DEFAULT-VALUE} by default.")
    private URI proxy = URI.create("http://localhost:5550/");

    @Option(names = "--bases", paramLabel = "N", description = "How many bases, 1 to 256; ${DEFAULT-VALUE} by default.")
    private int bases = LoadSettings.DEFAULT.bases();

    @Option(names = "--sockets", paramLabel = "N", description = "How many WebSockets; ${DEFAULT-VALUE} by default.")
    private int sockets = LoadSettings.DEFAULT.sockets();

    @Option(names = "--seconds", paramLabel = "N", description = "For how long; ${DEFAULT-VALUE} by default.")
    private int seconds = 60;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "Where to write the history; ${DEFAULT-VALUE} by default.")
    private Path file = Path.of("history.jsonl");

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.setProperty(BaseClient.NO_RETRIES, "1");
        LoadSettings settings;
        try {
            settings = new LoadSettings(bases, sockets, LoadSettings.DEFAULT.pause());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
        try (History history = History.create(file);
                LoadGenerator load = LoadGenerator.start(proxy, settings, history)) {
            Thread.sleep(seconds * 1_000L);
            load.finish();
        }
        spec.commandLine().getOut().println("The history is in " + file + "; check it with check-history " + file);
        return 0;
    }
}
