package org.bucketkeeper.internal.mirror;

import java.time.Duration;

/**
 * How a mirror paces itself.
 *
 * @param spread the longest random wait before a re-read after a lost watch, so that a thousand processes that lost
 *     the store together do not all read at once
 * @param firstRetry the wait after the first failed read; doubles with each further one
 * @param longestRetry where the doubling ends
 * @param verifyInterval the time between two re-reads that look for anything the watch failed to report
 */
public record MirrorSettings(Duration spread, Duration firstRetry, Duration longestRetry, Duration verifyInterval) {

    /** What production uses. */
    public static final MirrorSettings DEFAULT = new MirrorSettings(
            Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofMinutes(5));
}
