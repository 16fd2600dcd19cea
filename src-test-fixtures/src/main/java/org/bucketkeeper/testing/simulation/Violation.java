package org.bucketkeeper.testing.simulation;

import java.time.Duration;

/**
 * A promise that was broken.
 *
 * @param promise names it
 * @param text what was seen
 * @param at the virtual time since the beginning of the run
 */
public record Violation(String promise, String text, Duration at) {

    /** Returns the promise and the text. */
    @Override
    public String toString() {
        return promise + ": " + text;
    }
}
