package org.bucketkeeper.examples.admin;

import org.bucketkeeper.config.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Where the admin server listens, and who may change something.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any that is free
 * @param token what whoever changes something has to know; null if nothing is asked
 */
public record AdminSettings(String host, int port, @Nullable Secret token) {

    /** The address where nothing is chosen: only this machine. */
    public static final String DEFAULT_HOST = "127.0.0.1";

    /** The port where nothing is chosen, as operators know it. */
    public static final int DEFAULT_PORT = 5555;

    private static final int HIGHEST_PORT = 65_535;

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is outside its range
     */
    public AdminSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("admin-host must not be empty");
        }
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("admin-port must be 0 to " + HIGHEST_PORT + ", but is " + port);
        }
    }

    /** Tells whether only this machine can connect. */
    boolean isLoopback() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }
}
