package org.bucketkeeper.examples.ctl;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.examples.program.ClusterOptions;
import org.bucketkeeper.examples.program.ProgramException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands of {@code ctl} have in common: which cluster, how to answer, and how a failure is said. */
final class CtlOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions(System.getenv());

    @Option(names = "--json", description = "Answer with one JSON document on one line.")
    private boolean json;

    /** Does what a command is for. */
    @FunctionalInterface
    interface Action {

        Answer on(CtlCluster cluster) throws InterruptedException;
    }

    /** Like {@link Action}, for a command that says something before it has ended. */
    @FunctionalInterface
    interface LongAction {

        Answer on(CtlCluster cluster, Screen screen) throws InterruptedException;
    }

    /** Runs {@code action} on the cluster, shows its answer and returns the exit code. */
    int run(Action action) throws InterruptedException {
        return run((open, screen) -> action.on(open));
    }

    /** Runs {@code action} on the cluster, shows its answer and returns the exit code. */
    int run(LongAction action) throws InterruptedException {
        expectTrouble();
        CommandLine commandLine = spec.commandLine();
        Screen screen = new Screen(
                commandLine.getOut(),
                json ? Screen.Form.JSON : Screen.Form.TEXT,
                commandLine.getColorScheme().ansi());
        try (CtlCluster open = CtlCluster.reach(ClusterConnection.open(cluster.config()))) {
            Answer answer = action.on(open, screen);
            screen.show(answer.text(), answer.json());
            return answer.exitCode();
        } catch (CtlException e) {
            throw told(e.error(), e);
        } catch (ProgramException e) {
            throw told("bad_configuration", e);
        }
    }

    /** A script that asked for JSON gets it for failures too; people read what standard error says. */
    private <E extends RuntimeException> E told(String error, E failure) {
        if (json) {
            spec.commandLine()
                    .getOut()
                    .println(JsonNodeFactory.instance
                            .objectNode()
                            .put("error", error)
                            .put("message", failure.getMessage()));
        }
        return failure;
    }

    /** The command itself says what goes wrong; the library's warnings would say it twice. */
    private static void expectTrouble() {
        Logger library = (Logger) LoggerFactory.getLogger("org.bucketkeeper");
        if (library.getLevel() == null) {
            library.setLevel(Level.ERROR);
        }
    }
}
