package org.bucketkeeper.testing.simulation;

import java.util.function.LongFunction;

/**
 * Runs one seed with the built-in application for a caller that has loaded these classes elsewhere and shares nothing with
 * them but the JDK.
 */
public final class SimulationProbe implements LongFunction<String> {

    private final SimulationSettings settings;

    /** Creates a probe on a store that promises this; it keeps nothing between two runs. */
    public SimulationProbe(StoreGuarantee guarantee) {
        settings = SimulationSettings.DEFAULT.withGuarantee(guarantee);
    }

    /** Returns the promise that was broken, and how; empty if all were kept. */
    @Override
    public String apply(long seed) {
        Violation violation = Simulation.runOnce(seed, settings).violation();
        return violation == null ? "" : violation.toString();
    }
}
