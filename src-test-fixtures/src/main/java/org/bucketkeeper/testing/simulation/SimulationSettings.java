package org.bucketkeeper.testing.simulation;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How a run is made. Immutable. */
public final class SimulationSettings {

    /** The built-in application, all disasters, and no trace. */
    public static final SimulationSettings DEFAULT = new SimulationSettings(null, Set.of(), Trace.NONE);

    private final @Nullable ListenerFactory listeners;
    private final Set<Integer> leftOut;
    private final Trace trace;

    private enum Trace {
        NONE,
        FULL
    }

    private SimulationSettings(@Nullable ListenerFactory listeners, Set<Integer> leftOut, Trace trace) {
        this.listeners = listeners;
        this.leftOut = leftOut;
        this.trace = trace;
    }

    /** Returns settings under which these listeners take the place of the built-in application's. */
    public SimulationSettings withListeners(ListenerFactory newListeners) {
        return new SimulationSettings(newListeners, leftOut, trace);
    }

    /** Returns settings under which every run has a timeline, also if nothing goes wrong. */
    public SimulationSettings withTrace() {
        return new SimulationSettings(listeners, leftOut, Trace.FULL);
    }

    /** Returns settings under which the faults with these numbers do not happen. */
    SimulationSettings without(Set<Integer> faults) {
        return new SimulationSettings(listeners, new TreeSet<>(faults), trace);
    }

    @Nullable ListenerFactory listeners() {
        return listeners;
    }

    boolean leavesOut(int fault) {
        return leftOut.contains(fault);
    }

    boolean isTraced() {
        return trace == Trace.FULL;
    }
}
