package org.bucketkeeper.testing.simulation;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How a run is made. Immutable. */
public final class SimulationSettings {

    /** The built-in application, a store that keeps what was written, all disasters, and no trace. */
    public static final SimulationSettings DEFAULT =
            new SimulationSettings(null, StoreGuarantee.KEEPS_WRITES, Set.of(), Trace.NONE);

    private final @Nullable ListenerFactory listeners;
    private final StoreGuarantee guarantee;
    private final Set<Integer> leftOut;
    private final Trace trace;

    private enum Trace {
        NONE,
        FULL
    }

    private SimulationSettings(
            @Nullable ListenerFactory listeners, StoreGuarantee guarantee, Set<Integer> leftOut, Trace trace) {
        this.listeners = listeners;
        this.guarantee = guarantee;
        this.leftOut = leftOut;
        this.trace = trace;
    }

    /** Returns settings under which these listeners take the place of the built-in application's. */
    public SimulationSettings withListeners(ListenerFactory newListeners) {
        return new SimulationSettings(newListeners, guarantee, leftOut, trace);
    }

    /**
     * Returns settings under which the store promises this; the disasters of a seed stay, and some may be added. Where
     * writes are lost, the storage may refuse what an owner writes that is valid and cannot know that it is no owner.
     */
    public SimulationSettings withGuarantee(StoreGuarantee newGuarantee) {
        return new SimulationSettings(listeners, Objects.requireNonNull(newGuarantee, "guarantee"), leftOut, trace);
    }

    /** Returns settings under which every run has a timeline, also if nothing goes wrong. */
    public SimulationSettings withTrace() {
        return new SimulationSettings(listeners, guarantee, leftOut, Trace.FULL);
    }

    /** Returns settings under which the faults with these numbers do not happen. */
    SimulationSettings without(Set<Integer> faults) {
        return new SimulationSettings(listeners, guarantee, new TreeSet<>(faults), trace);
    }

    @Nullable ListenerFactory listeners() {
        return listeners;
    }

    /** Returns what the store promises. */
    public StoreGuarantee guarantee() {
        return guarantee;
    }

    boolean leavesOut(int fault) {
        return leftOut.contains(fault);
    }

    boolean isTraced() {
        return trace == Trace.FULL;
    }
}
