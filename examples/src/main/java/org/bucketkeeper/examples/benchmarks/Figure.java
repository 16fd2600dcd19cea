package org.bucketkeeper.examples.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * One line of the report.
 *
 * @param name what was measured
 * @param value how long it took
 * @param floor how long the least that it could do took in the same run; null if there is no such measure
 * @param unit the unit of both
 * @param bytesPerOperation what one operation allocates; null if that was not measured
 */
record Figure(
        String name,
        double value,
        @Nullable Double floor,
        String unit,
        @Nullable Double bytesPerOperation) {}
