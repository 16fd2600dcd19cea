package org.bucketkeeper.testing.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * A mistake that somebody could make in the protocol: a name, and what of the production sources it replaces.
 *
 * @param name the mistake, in words
 * @param patches the replacements
 */
record Sabotage(String name, List<Patch> patches) {

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
        return new Sabotage(name, List.of(new Patch(type, text, replacement)));
    }

    Sabotage and(String type, String text, String replacement) {
        List<Patch> more = new ArrayList<>(patches);
        more.add(new Patch(type, text, replacement));
        return new Sabotage(name, more);
    }

    @Override
    public String toString() {
        return name;
    }
}
