package org.bucketkeeper.testing.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one run.
 *
 * @param seed the seed, which makes the same run again
 * @param digest the SHA-256 of the whole history, in hexadecimal; the same for the same seed, everywhere
 * @param violation the first promise that was broken; null if all were kept
 * @param faults the disasters that were planned, one a line, in order of time
 * @param timeline what happened, one event a line; empty unless a promise was broken or the run was traced
 */
public record SimulationResult(
        long seed, String digest, @Nullable Violation violation, List<String> faults, List<String> timeline) {

    /** Makes the lists unmodifiable. */
    public SimulationResult {
        faults = List.copyOf(faults);
        timeline = List.copyOf(timeline);
    }
}
