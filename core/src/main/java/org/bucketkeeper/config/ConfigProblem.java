package org.bucketkeeper.config;

import java.io.Serial;
import java.io.Serializable;

/**
 * Tells an operator one thing to mend in the configuration: where it stands, and what was expected there.
 *
 * @param file the file, as the caller named it
 * @param line counted from 1; 0 if the problem is about the file as a whole
 * @param column counted in characters from 1; 0 if the problem is about the file as a whole
 * @param key the key, such as {@code cluster_config.node_url}; empty if the problem is about no key
 * @param message what was expected; never holds a password
 */
public record ConfigProblem(String file, int line, int column, String key, String message) implements Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Returns the problem on one line, as {@code file:line:column: key: message}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line).append(':').append(column);
        }
        text.append(": ");
        if (!key.isEmpty()) {
            text.append(key).append(": ");
        }
        return text.append(message).toString();
    }
}
