package org.bucketkeeper.testing.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * A mistake that somebody could make in the protocol: a name, and what of the production sources it replaces.
 *
 * @param name the mistake, in words
 * @param patches the replacements
 * @param guarantee what the store of the runs promises that shall find it
 * @param firstSeed the seed to look at first: just before one that is known to find it, so that a search that would take
 *     a minute each time takes seconds; all other seeds follow
 */
record Sabotage(String name, List<Patch> patches, StoreGuarantee guarantee, long firstSeed) {

    Sabotage {
        patches = List.copyOf(patches);
    }

    /**
     * One replacement.
     *
     * @param type the class whose source is changed, below {@code org.bucketkeeper}, such as {@code ownership.Tenure}
     * @param text what stands there, exactly once; white space at line breaks does not matter
     * @param replacement what stands there instead
     */
    record Patch(String type, String text, String replacement) {}

    static Sabotage of(String name, String type, String text, String replacement) {
        return new Sabotage(name, List.of(new Patch(type, text, replacement)), StoreGuarantee.KEEPS_WRITES, 1);
    }

    Sabotage and(String type, String text, String replacement) {
        List<Patch> more = new ArrayList<>(patches);
        more.add(new Patch(type, text, replacement));
        return new Sabotage(name, more, guarantee, firstSeed);
    }

    /** Lets runs find it whose store loses writes. */
    Sabotage whereWritesAreLost() {
        return new Sabotage(name, patches, StoreGuarantee.LOSES_WRITES, firstSeed);
    }

    /** Lets the search begin a little before {@code seed}. */
    Sabotage knownAt(long seed) {
        return new Sabotage(name, patches, guarantee, Math.max(1, seed - 5));
    }

    @Override
    public String toString() {
        return name;
    }
}
