package org.bucketkeeper.examples.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges the history of a load. */
@Command(
        name = "check-history",
        description =
                "Tells whether a history shows a row that was lost, doubled or out of order, or a request that failed.",
        exitCodeList = {"0:nothing is wrong", "1:something is", "2:wrong usage"})
public final class CheckHistoryCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "What load has written.")
    private Path file = Path.of("history.jsonl");

    @Option(
            names = "--allow",
            paramLabel = "RULE",
            split = ",",
            description = "Do not count these, such as failed_request after a crash: ${COMPLETION-CANDIDATES}.")
    private Set<HistoryChecker.Rule> allowed = new TreeSet<>();

    @Override
    public Integer call() throws IOException {
        HistoryChecker.Verdict verdict = HistoryChecker.check(file);
        PrintWriter out = spec.commandLine().getOut();
        HistoryChecker.Summary found = verdict.summary();
        out.printf(
                "%d operations, %d rows acknowledged, %d reads, %d pushes, %d failed, %d unknown, the longest took %d ms%n",
                found.operations(),
                found.acknowledgedRows(),
                found.reads(),
                found.pushes(),
                found.failed(),
                found.unknown(),
                found.longestMillis());
        long counted = verdict.violations().stream()
                .filter(violation -> !allowed.contains(violation.rule()))
                .peek(out::println)
                .count();
        out.println(counted == 0 ? "Nothing is wrong." : counted + " things are wrong.");
        return counted == 0 ? 0 : 1;
    }
}
