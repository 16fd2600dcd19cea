package org.bucketkeeper.examples.simulate;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntToLongFunction;
import org.bucketkeeper.testing.simulation.RegressionSeed;
import org.bucketkeeper.testing.simulation.RegressionSeeds;
import org.bucketkeeper.testing.simulation.Simulation;
import org.bucketkeeper.testing.simulation.SimulationResult;
import org.bucketkeeper.testing.simulation.SimulationSettings;
import org.bucketkeeper.testing.simulation.StoreGuarantee;
import org.bucketkeeper.testing.simulation.Violation;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Replays simulated disasters. */
@Command(
        name = "simulate",
        description = {
            "Puts the production classes through simulated disasters, one a seed, and checks what the library promises"
                    + " at every step.",
            "",
            "The same seed gives the same history, everywhere. A seed that breaks a promise is shown with the disasters"
                    + " that it takes and a timeline."
        })
public final class SimulateCommand implements Callable<Integer> {

    private static final Duration PROGRESS = Duration.ofSeconds(15);
    private static final int SHOWN_IN_FULL = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ArgGroup(multiplicity = "1")
    private Choice choice = new Choice();

    @Option(names = "--trace", description = "Print all that happens; with --seed.")
    private boolean trace;

    @Option(
            names = "--guarantee",
            paramLabel = "STORE",
            description = {
                "What the store promises: etcd, which keeps what it acknowledged, or redis, which may lose the last"
                        + " writes at a fail-over, and everything at a restart. Default: etcd. With --regressions"
                        + " only the seeds of that store are run; by default all are, each on its own."
            },
            converter = GuaranteeConverter.class)
    private @Nullable StoreGuarantee guarantee;

    /** What to run. */
    static final class Choice {

        @Option(
                names = "--seeds",
                paramLabel = "A-B",
                description = "Run the seeds from A to B, on all cores.",
                converter = SeedRange.Converter.class)
        private @Nullable SeedRange seeds;

        @Option(names = "--seed", paramLabel = "N", description = "Run one seed.")
        private @Nullable Long seed;

        @Option(
                names = "--regressions",
                description = "Run every seed that once found something, on the store on which it did.")
        private boolean regressions;

        @Option(
                names = "--scale",
                paramLabel = "SERVERSxROUTERS",
                description =
                        "Run a cluster of that size through what happens to clusters, and count what it asks of its"
                                + " store. 1000x10000 takes minutes and 6 GB.",
                converter = ClusterSize.Converter.class)
        private @Nullable ClusterSize scale;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!trace) {
            expectTrouble();
        }
        if (choice.regressions) {
            return runKnownSeeds();
        }
        ClusterSize size = choice.scale;
        if (size != null) {
            new ScaleTable(spec.commandLine().getOut()).print(size, 1);
            return CommandLine.ExitCode.OK;
        }
        SimulationSettings settings = settings(guarantee == null ? StoreGuarantee.KEEPS_WRITES : guarantee);
        SeedRange range = choice.seeds;
        if (range != null) {
            int count = Math.toIntExact(range.count());
            return runAll("seeds " + range, count, place -> range.first() + place, settings);
        }
        Long seed = choice.seed;
        return runOne(seed == null ? 0 : seed, settings);
    }

    private static SimulationSettings settings(StoreGuarantee guarantee) {
        return SimulationSettings.DEFAULT.withGuarantee(guarantee);
    }

    private int runKnownSeeds() throws InterruptedException {
        int exitCode = CommandLine.ExitCode.OK;
        for (StoreGuarantee level : StoreGuarantee.values()) {
            List<Long> known = RegressionSeeds.all().stream()
                    .filter(seed -> seed.guarantee() == level)
                    .map(RegressionSeed::seed)
                    .toList();
            // A store that was asked for is told of even if no seed is known of it.
            if (guarantee == null ? !known.isEmpty() : guarantee == level) {
                String what = "known seeds of " + level.storeName();
                exitCode = Math.max(exitCode, runAll(what, known.size(), known::get, settings(level)));
            }
        }
        return exitCode;
    }

    private int runOne(long seed, SimulationSettings settings) {
        if (trace) {
            return show(Simulation.run(seed, settings.withTrace()), settings);
        }
        SimulationResult result = Simulation.run(seed, settings);
        return show(result.violation() == null ? result : Simulation.shrink(seed, settings), settings);
    }

    private int runAll(String what, int count, IntToLongFunction seeds, SimulationSettings settings)
            throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Simulating " + what);
        SeedRuns runs = new SeedRuns(count, seeds, settings);
        long begin = System.nanoTime();
        runs.run(PROGRESS, done -> {
            out.println("  " + done + " of " + count + " done, " + perSecond(done, begin));
            out.flush();
        });
        out.println(runs.done() + " of " + count + " seeds, " + perSecond(runs.done(), begin) + ", digest "
                + runs.digest());
        List<SimulationResult> failures = runs.failures();
        for (int i = 0; i < failures.size(); i++) {
            SimulationResult failure = failures.get(i);
            if (i < SHOWN_IN_FULL) {
                show(Simulation.shrink(failure.seed(), settings), settings);
            } else {
                out.println("seed " + failure.seed() + " broke a promise: " + failure.violation());
            }
        }
        out.println(failures.isEmpty() ? "All promises were kept." : failures.size() + " seeds broke a promise.");
        return failures.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private int show(SimulationResult result, SimulationSettings settings) {
        PrintWriter out = spec.commandLine().getOut();
        Violation violation = result.violation();
        out.println("seed " + result.seed() + ", digest " + result.digest());
        out.println("disasters:");
        result.faults().forEach(fault -> out.println("  " + fault));
        result.timeline().forEach(out::println);
        if (violation == null) {
            out.println("All promises were kept.");
            return CommandLine.ExitCode.OK;
        }
        out.println("seed " + result.seed() + " broke a promise: " + violation);
        StoreGuarantee level = settings.guarantee();
        String option = level == StoreGuarantee.KEEPS_WRITES ? "" : " --guarantee " + level.storeName();
        out.println("Again: bucketkeeper simulate --seed " + result.seed() + option);
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String perSecond(int done, long begin) {
        return String.format(Locale.ROOT, "%.0f seeds/s", done / Math.max(1e-9, (System.nanoTime() - begin) / 1e9));
    }

    /** The library warns of every disaster; there are thousands. */
    private static void expectTrouble() {
        Logger library = (Logger) LoggerFactory.getLogger("org.bucketkeeper");
        if (library.getLevel() == null) {
            library.setLevel(Level.OFF);
        }
    }
}
