package org.bucketkeeper.internal.session;

import java.time.Duration;

/**
 * How a session paces itself.
 *
 * @param ttl the lease's time to live that is asked for; at least {@link #SHORTEST_TTL}
 * @param patience how long to wait for a key that somebody else holds before giving up; who held it before never does
 */
public record SessionSettings(Duration ttl, Duration patience) {

    /** The shortest time to live: half of it is what the margin leaves to work with. */
    public static final Duration SHORTEST_TTL = Duration.ofSeconds(2);

    /** Waits for the key as long as it takes. */
    public static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private static final long CONSTANT_MARGIN = Duration.ofSeconds(1).toNanos();
    private static final int CLOCK_RATE_DIFFERENCE_PERCENT = 1;
    static final long SHORTEST_RETRY = Duration.ofMillis(250).toNanos();
    private static final long LONGEST_RETRY = Duration.ofSeconds(3).toNanos();

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if the time to live is too short or not in whole seconds
     */
    public SessionSettings {
        if (ttl.compareTo(SHORTEST_TTL) < 0 || ttl.toNanosPart() != 0) {
            throw new IllegalArgumentException(
                    "session TTL must be whole seconds, at least " + SHORTEST_TTL.toSeconds() + ", but is " + ttl);
        }
    }

    /**
     * Returns how long after a renewal was sent the session may be relied on: the granted time less 1 % for the
     * difference of two clocks' rates and less one second.
     */
    static long validNanos(Duration grantedTtl) {
        long granted = grantedTtl.toNanos();
        return granted - granted / 100 * CLOCK_RATE_DIFFERENCE_PERCENT - CONSTANT_MARGIN;
    }

    /** Returns the longest time between two renewals while all goes well. */
    static long renewalInterval(Duration grantedTtl) {
        return Math.max(validNanos(grantedTtl) / 3, SHORTEST_RETRY);
    }

    /** Returns the longest time between two renewals while one is not answered. */
    static long retryInterval(Duration grantedTtl) {
        return Math.max(SHORTEST_RETRY, Math.min(LONGEST_RETRY, renewalInterval(grantedTtl) / 3));
    }
}
