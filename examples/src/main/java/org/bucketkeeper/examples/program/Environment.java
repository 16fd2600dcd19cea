package org.bucketkeeper.examples.program;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment variables of a process; one that is empty counts as not set. */
public final class Environment {

    private final Map<String, String> variables;

    /** Creates the environment of a process that has these variables. */
    public Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** Returns the text of a variable without spaces around it; null if it is not set. */
    public @Nullable String text(String name) {
        String text = variables.getOrDefault(name, "").strip();
        return text.isEmpty() ? null : text;
    }

    /**
     * Returns whether a switch is on: {@code true}, {@code yes}, {@code on} or {@code 1}, in upper or lower case.
     *
     * @param unset what to take if it is not set
     * @throws ProgramException if it is neither on nor off
     */
    public boolean flag(String name, boolean unset) {
        String text = text(name);
        if (text == null) {
            return unset;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new ProgramException(name + " must be true or false, but is \"" + text + "\"");
        };
    }
}
