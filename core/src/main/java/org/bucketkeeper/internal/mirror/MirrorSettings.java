package org.bucketkeeper.internal.mirror;

import java.time.Duration;

/**
 * How a mirror paces itself.
 *
 * @param spread the longest random wait before a re-read after a lost watch, so that processes that lost the store
 *     together do not all read at once
 * @param smallCopy the most keys for which that is enough
 * @param spreadPerKey how much longer the wait before any re-read may be for each further key: where there are more keys
 *     there are more processes that read, and each of them reads more
 * @param longestSpread where that ends
 * @param firstRetry the wait after the first failed read; doubles with each further one
 * @param longestRetry where the doubling ends
 * @param verifyInterval the time between two re-reads that look for anything the watch failed to report
 */
public record MirrorSettings(
        Duration spread,
        int smallCopy,
        Duration spreadPerKey,
        Duration longestSpread,
        Duration firstRetry,
        Duration longestRetry,
        Duration verifyInterval) {

    /** What production uses. */
    public static final MirrorSettings DEFAULT = new MirrorSettings(
            Duration.ofMillis(50),
            300,
            Duration.ofMillis(10),
            Duration.ofSeconds(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofMinutes(5));

    /** Returns how much longer a process may wait, at random, if its copy has so many keys. */
    Duration spreadOfLargeCopy(int keys) {
        Duration wait = spreadPerKey.multipliedBy(Math.max(0, keys - smallCopy));
        return wait.compareTo(longestSpread) < 0 ? wait : longestSpread;
    }
}
