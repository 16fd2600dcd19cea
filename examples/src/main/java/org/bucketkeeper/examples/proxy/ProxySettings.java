package org.bucketkeeper.examples.proxy;

import java.time.Duration;

/**
 * What operators can choose about a proxy.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any that is free
 * @param timeout how long a request may go without a byte moving in either direction
 * @param hold how long a request that certainly did not run is held and tried again
 * @param maxHeld how many requests are held at once; more are refused
 * @param connectTimeout how long to wait for a server to take a connection
 * @param connectionsPerNode how many requests are sent to one node at once
 * @param queuePerNode how many requests wait for a connection to one node; more are held
 * @param tunnelsPerNode how many WebSockets are open to one node at once
 * @param stopTimeout how long running requests are given to end when the proxy stops
 */
public record ProxySettings(
        String host,
        int port,
        Duration timeout,
        Duration hold,
        int maxHeld,
        Duration connectTimeout,
        int connectionsPerNode,
        int queuePerNode,
        int tunnelsPerNode,
        Duration stopTimeout) {

    // Before the settings that it checks.
    private static final Duration LONGEST = Duration.ofHours(1);

    /** What is in force where nothing is chosen. */
    public static final ProxySettings DEFAULT = new ProxySettings(
            "0.0.0.0",
            5550,
            Duration.ofSeconds(180),
            Duration.ofSeconds(10),
            10_000,
            Duration.ofSeconds(3),
            256,
            1_000,
            10_000,
            Duration.ofSeconds(20));

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is outside its range; the message names it, its value and what was
     *     expected
     */
    public ProxySettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be empty");
        }
        requireRange("port", port, 0, 65_535);
        requireDuration("timeout", timeout, Duration.ofMillis(10));
        requireDuration("hold", hold, Duration.ZERO);
        requireRange("max-held", maxHeld, 0, 1_000_000);
        requireDuration("connect-timeout", connectTimeout, Duration.ofMillis(1));
        requireRange("connections-per-node", connectionsPerNode, 1, 100_000);
        requireRange("queue-per-node", queuePerNode, 0, 1_000_000);
        requireRange("tunnels-per-node", tunnelsPerNode, 1, 1_000_000);
        requireDuration("stop-timeout", stopTimeout, Duration.ofMillis(1));
    }

    /** Returns these settings with another address to listen on. */
    public ProxySettings listeningOn(String newHost, int newPort) {
        return new ProxySettings(
                newHost,
                newPort,
                timeout,
                hold,
                maxHeld,
                connectTimeout,
                connectionsPerNode,
                queuePerNode,
                tunnelsPerNode,
                stopTimeout);
    }

    /** Returns these settings with other bounds on how long things take. */
    public ProxySettings withTimeouts(Duration newTimeout, Duration newHold, Duration newStopTimeout) {
        return new ProxySettings(
                host,
                port,
                newTimeout,
                newHold,
                maxHeld,
                connectTimeout,
                connectionsPerNode,
                queuePerNode,
                tunnelsPerNode,
                newStopTimeout);
    }

    /** Returns these settings with other bounds on how much happens at once. */
    public ProxySettings withLimits(int newMaxHeld, int newConnectionsPerNode, int newQueuePerNode) {
        return new ProxySettings(
                host,
                port,
                timeout,
                hold,
                newMaxHeld,
                connectTimeout,
                newConnectionsPerNode,
                newQueuePerNode,
                tunnelsPerNode,
                stopTimeout);
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", but is " + value);
        }
    }

    private static void requireDuration(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be " + least.toMillis() + " ms to " + LONGEST.toSeconds()
                    + " s, but is " + value.toMillis() + " ms");
        }
    }
}
