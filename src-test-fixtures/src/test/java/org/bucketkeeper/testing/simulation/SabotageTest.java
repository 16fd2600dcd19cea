package org.bucketkeeper.testing.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Shows that the simulator can fail: with each of many mistakes built into the production classes it finds a broken
 * promise soon, and without any it finds none. Prints what it took.
 */
@Tag("once")
class SabotageTest {

    private static final long MOST_SEEDS = 2_000;
    private static final long SEEDS_WITHOUT_SABOTAGE = 60;
    private static final Sabotage NONE = new Sabotage("(none)", List.of(), StoreGuarantee.KEEPS_WRITES, 1);

    /** All run two at a time; each test waits for its own. */
    private static final Map<Sabotage, Future<Finding>> FINDINGS = new LinkedHashMap<>();

    private static final ExecutorService PROCESSORS = Executors.newFixedThreadPool(2);

    /** What the simulator found, at which seed; empty if nothing in all seeds. */
    private record Finding(long seed, String violation, long millis) {}

    @BeforeAll
    static void runAll() {
        for (Sabotage sabotage : sabotages()) {
            FINDINGS.put(sabotage, PROCESSORS.submit(search(sabotage, MOST_SEEDS)));
        }
        FINDINGS.put(NONE, PROCESSORS.submit(search(NONE, SEEDS_WITHOUT_SABOTAGE)));
    }

    @AfterAll
    static void printTable() throws Exception {
        PROCESSORS.shutdownNow();
        StringBuilder table = new StringBuilder("What the simulator says of each sabotage of the protocol:\n");
        for (Map.Entry<Sabotage, Future<Finding>> entry : FINDINGS.entrySet()) {
            if (entry.getValue().isDone() && !entry.getValue().isCancelled()) {
                table.append(line(entry.getKey(), entry.getValue()));
            }
        }
        System.out.println(table);
    }

    private static String line(Sabotage sabotage, Future<Finding> found) throws InterruptedException {
        try {
            Finding finding = found.get();
            return String.format(
                    Locale.ROOT,
                    "%-65s %8s %6.1f s  %s%n",
                    sabotage,
                    finding.violation().isEmpty() ? "-" : "seed " + finding.seed(),
                    finding.millis() / 1000.0,
                    finding.violation().isEmpty()
                            ? "nothing in " + SEEDS_WITHOUT_SABOTAGE + " seeds"
                            : finding.violation());
        } catch (ExecutionException e) {
            return sabotage + " could not be run\n";
        }
    }

    static List<Sabotage> sabotages() {
        return Sabotages.all();
    }

    @ParameterizedTest
    @MethodSource("sabotages")
    void findsTheSabotage(Sabotage sabotage) throws Exception {
        Finding finding = finding(sabotage);

        assertThat(finding.violation()).as("what %s seeds find", MOST_SEEDS).isNotEmpty();
    }

    @Test
    void findsNothingWithoutSabotage() throws Exception {
        Finding finding = finding(NONE);

        assertThat(finding.violation()).as("seed %s", finding.seed()).isEmpty();
    }

    private static Finding finding(Sabotage sabotage) throws Exception {
        return Objects.requireNonNull(FINDINGS.get(sabotage)).get();
    }

    private static Callable<Finding> search(Sabotage sabotage, long seeds) {
        return () -> {
            LongFunction<String> probe =
                    new SabotagedClasses(PatchedSources.compile(sabotage)).probe(sabotage.guarantee());
            long begin = System.nanoTime();
            long seed = sabotage.firstSeed();
            String violation = probe.apply(seed);
            for (long looked = 1; violation.isEmpty() && looked < seeds; looked++) {
                seed = seed % seeds + 1;
                violation = probe.apply(seed);
            }
            return new Finding(seed, violation, (System.nanoTime() - begin) / 1_000_000);
        };
    }
}
