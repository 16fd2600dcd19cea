package org.bucketkeeper.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells how to reach Redis.
 *
 * @param endpoints the server, or several of a Redis Cluster, or the sentinels if there is a {@code primary}; at least
 *     one
 * @param primary what the sentinels call the primary; null if no sentinels are to be asked
 * @param tls the files for TLS; null for plain connections
 * @param user who to log in as; null for Redis' default user
 * @param password what to log in with, which {@code toString} does not show; null if Redis asks for none
 * @param database the database's number, 0 to {@value #MAX_DATABASE}
 */
public record RedisSettings(
        List<Endpoint> endpoints,
        @Nullable String primary,
        @Nullable TlsFiles tls,
        @Nullable String user,
        @Nullable Secret password,
        int database)
        implements StoreSettings {

    /** The port of a configuration that names none. */
    public static final int DEFAULT_PORT = 6379;

    /** The port of a sentinel without one. */
    public static final int DEFAULT_SENTINEL_PORT = 26379;

    /** The highest number that a database may have. */
    public static final int MAX_DATABASE = 65535;

    /**
     * Copies the list and checks the fields.
     *
     * @throws IllegalArgumentException if there is no endpoint, the primary's name is empty, the database is outside its
     *     range, or there is a user without a password
     */
    public RedisSettings {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("endpoints must not be empty");
        }
        if (primary != null && primary.isEmpty()) {
            throw new IllegalArgumentException("primary must not be empty");
        }
        if (user != null && password == null) {
            throw new IllegalArgumentException("password must be given if user is");
        }
        if (database < 0 || database > MAX_DATABASE) {
            throw new IllegalArgumentException("database must be 0 to " + MAX_DATABASE + ", but is " + database);
        }
    }

    /** Returns how to reach a server that asks for no password, without TLS, and its first database. */
    public static RedisSettings of(Endpoint server) {
        return new RedisSettings(List.of(server), null, null, null, null, 0);
    }
}
