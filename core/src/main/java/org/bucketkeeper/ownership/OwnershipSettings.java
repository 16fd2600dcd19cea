package org.bucketkeeper.ownership;

import java.time.Duration;

/**
 * How an owner behaves.
 *
 * @param storeOutage what it does when the store is away for longer than its session may be relied on
 * @param leaveTimeout how long an orderly leave waits for its buckets to be moved, and then again for the application
 *     to unload the rest
 */
public record OwnershipSettings(StoreOutage storeOutage, Duration leaveTimeout) {

    private static final Duration LONGEST_LEAVE = Duration.ofDays(1);

    /** The safe choice everywhere. */
    public static final OwnershipSettings DEFAULT =
            new OwnershipSettings(StoreOutage.STOP_SERVING, Duration.ofSeconds(30));

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if the timeout is negative or longer than a day
     */
    public OwnershipSettings {
        if (leaveTimeout.isNegative() || leaveTimeout.compareTo(LONGEST_LEAVE) > 0) {
            throw new IllegalArgumentException(
                    "leave timeout must be zero to " + LONGEST_LEAVE + ", but is " + leaveTimeout);
        }
    }
}
