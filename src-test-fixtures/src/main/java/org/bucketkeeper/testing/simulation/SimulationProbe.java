package org.bucketkeeper.testing.simulation;

import java.util.function.LongFunction;

/**
 * Runs one seed with the default settings for a caller that has loaded these classes elsewhere and shares nothing with
 * them but the JDK.
 */
public final class SimulationProbe implements LongFunction<String> {

    /** Creates a probe; it keeps nothing between two runs. */
    public SimulationProbe() {}

    /** Returns the promise that was broken, and how; empty if all were kept. */
    @Override
    public String apply(long seed) {
        Violation violation =
                Simulation.runOnce(seed, SimulationSettings.DEFAULT).violation();
        return violation == null ? "" : violation.toString();
    }
}
