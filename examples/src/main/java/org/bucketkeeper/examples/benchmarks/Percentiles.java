package org.bucketkeeper.examples.benchmarks;

import java.util.Arrays;

/**
 * How long something took, in nanoseconds.
 *
 * @param median what half of the samples do not exceed
 * @param p95 what 95 of 100 samples do not exceed
 * @param p99 what 99 of 100 samples do not exceed
 */
record Percentiles(long median, long p95, long p99) {

    /**
     * Sums up samples by the nearest rank.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Percentiles of(long[] samples) {
        if (samples.length == 0) {
            throw new IllegalArgumentException("there must be at least one sample");
        }
        long[] sorted = samples.clone();
        Arrays.sort(sorted);
        return new Percentiles(rank(sorted, 50), rank(sorted, 95), rank(sorted, 99));
    }

    private static long rank(long[] sorted, int percent) {
        return sorted[(sorted.length * percent + 99) / 100 - 1];
    }
}
