package org.bucketkeeper.examples.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH benchmarks in several rounds, each benchmark in a fresh VM in each round, so that a drift of the machine hits
 * all of them; the median of the rounds counts.
 */
final class JmhRun {

    /**
     * How long to measure.
     *
     * @param rounds how often each benchmark is run
     * @param iterations how often in a round, after as many to warm up
     * @param millis for how long each time
     */
    record Effort(int rounds, int iterations, int millis) {}

    /**
     * The medians of one benchmark.
     *
     * @param score in the benchmark's unit
     * @param bytesPerOperation what one operation allocates
     */
    record Median(double score, double bytesPerOperation) {}

    private final Effort effort;

    JmhRun(Effort effort) {
        this.effort = effort;
    }

    /**
     * Runs all benchmarks of a class.
     *
     * @return the medians by method name, followed by the parameters as in {@code plan, mode KEEP}
     */
    Map<String, Median> run(Class<?> benchmarks, int threads) throws RunnerException {
        Map<String, List<Median>> byName = new LinkedHashMap<>();
        for (int round = 0; round < effort.rounds(); round++) {
            for (RunResult result : new Runner(options(benchmarks, threads)).run()) {
                byName.computeIfAbsent(name(result.getParams()), name -> new ArrayList<>())
                        .add(new Median(result.getPrimaryResult().getScore(), bytesPerOperation(result)));
            }
        }
        Map<String, Median> medians = new LinkedHashMap<>();
        byName.forEach((name, rounds) -> medians.put(
                name,
                new Median(
                        median(rounds.stream().mapToDouble(Median::score).toArray()),
                        median(rounds.stream()
                                .mapToDouble(Median::bytesPerOperation)
                                .toArray()))));
        return medians;
    }

    private Options options(Class<?> benchmarks, int threads) {
        return new OptionsBuilder()
                .include("^" + benchmarks.getName().replace(".", "\\.") + "\\.")
                .threads(threads)
                .forks(1)
                .warmupIterations(effort.iterations())
                .warmupTime(TimeValue.milliseconds(effort.millis()))
                .measurementIterations(effort.iterations())
                .measurementTime(TimeValue.milliseconds(effort.millis()))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
    }

    private static String name(BenchmarkParams params) {
        String benchmark = params.getBenchmark();
        StringBuilder name = new StringBuilder(benchmark.substring(benchmark.lastIndexOf('.') + 1));
        for (String key : params.getParamsKeys()) {
            name.append(", ").append(key).append(' ').append(params.getParam(key));
        }
        return name.toString();
    }

    private static double bytesPerOperation(RunResult result) {
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        if (allocated == null) {
            throw new IllegalStateException("the allocation profiler gave no figure");
        }
        return allocated.getScore();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
