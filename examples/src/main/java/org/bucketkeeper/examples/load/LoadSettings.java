package org.bucketkeeper.examples.load;

import java.time.Duration;

/**
 * How much load.
 *
 * @param bases how many bases are written and read over HTTP, each by a writer of its own; 1 to 256
 * @param sockets how many WebSockets watch bases, every other one appending rows as well; 0 to {@code bases}
 * @param pause how long a writer rests between two requests
 */
public record LoadSettings(int bases, int sockets, Duration pause) {

    /** What is in force where nothing is chosen: a few hundred requests a second. */
    public static final LoadSettings DEFAULT = new LoadSettings(40, 20, Duration.ofMillis(150));

    private static final int MOST_BASES = 256;

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is outside its range
     */
    public LoadSettings {
        if (bases < 1 || bases > MOST_BASES) {
            throw new IllegalArgumentException("bases must be 1 to " + MOST_BASES + ", but is " + bases);
        }
        if (sockets < 0 || sockets > bases) {
            throw new IllegalArgumentException("sockets must be 0 to " + bases + ", but is " + sockets);
        }
        if (pause.isNegative()) {
            throw new IllegalArgumentException("pause must not be negative, but is " + pause);
        }
    }
}
