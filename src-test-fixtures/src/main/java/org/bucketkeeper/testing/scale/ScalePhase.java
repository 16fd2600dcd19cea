package org.bucketkeeper.testing.scale;

import java.time.Duration;

/**
 * What all processes together asked of the store in a while, and what it sent them. Bytes are those of keys and values
 * alone, before any framing.
 *
 * @param name what happened
 * @param duration how long the while was
 * @param renewals how many leases were renewed
 * @param mostRenewals how many at most in any 100 ms
 * @param reads how many times the cluster's keys were read
 * @param mostReads how many times at most in any 100 ms
 * @param lastRead when the last of these reads was sent, from the beginning
 * @param readBytes what the store sent in answer
 * @param events how many changes the store sent to watches
 * @param eventBytes how much that was
 * @param mostBytes how much the store sent at most in one second
 */
public record ScalePhase(
        String name,
        Duration duration,
        long renewals,
        int mostRenewals,
        long reads,
        int mostReads,
        Duration lastRead,
        long readBytes,
        long events,
        long eventBytes,
        long mostBytes) {

    /** Returns how many leases would be renewed in 100 ms if that was spread evenly. */
    public double meanRenewals() {
        return renewals / windows();
    }

    /** Returns how many reads there would be in 100 ms if they were spread evenly. */
    public double meanReads() {
        return reads / windows();
    }

    private double windows() {
        return (double) duration.toNanos() / Traffic.WINDOW;
    }
}
