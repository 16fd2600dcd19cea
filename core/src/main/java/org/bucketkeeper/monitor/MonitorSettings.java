package org.bucketkeeper.monitor;

import java.time.Duration;

/**
 * How a monitor paces itself.
 *
 * @param settle how long to wait for more nodes before the first assignment, and before taking the buckets of a node
 *     that this monitor never saw alive
 * @param lossWindow the time within which losses count as one event; that of a node's lease
 * @param massLossHold how long to hold after a mass loss before the buckets are moved all the same
 * @param checkInterval the time between two looks at the cluster when nothing happens
 * @param wave the most moves that automatic balancing makes at once
 * @param waveInterval the time between two waves of automatic balancing
 */
record MonitorSettings(
        Duration settle,
        Duration lossWindow,
        Duration massLossHold,
        Duration checkInterval,
        int wave,
        Duration waveInterval) {

    MonitorSettings {
        requireNotNegative("settle window", settle);
        requireNotNegative("mass loss hold", massLossHold);
        requirePositive("loss window", lossWindow);
        requirePositive("check interval", checkInterval);
        requirePositive("wave interval", waveInterval);
        if (wave < 1) {
            throw new IllegalArgumentException("wave must be at least 1 move, but is " + wave);
        }
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, but is " + value);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be longer than zero, but is " + value);
        }
    }
}
