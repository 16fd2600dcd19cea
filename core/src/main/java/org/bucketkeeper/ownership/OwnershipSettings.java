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

    /** The safe choice everywhere. */
    public static final OwnershipSettings DEFAULT =
            new OwnershipSettings(StoreOutage.STOP_SERVING, Duration.ofSeconds(30));

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if the timeout is negative
     */
    public OwnershipSettings {
        if (leaveTimeout.isNegative()) {
            throw new IllegalArgumentException("leave timeout must not be negative, but is " + leaveTimeout);
        }
    }
}
