package org.bucketkeeper.config;

import org.jspecify.annotations.Nullable;

/**
 * Tells how to reach Redis.
 *
 * @param endpoint the server
 * @param user who to log in as; null for Redis' default user
 * @param password what to log in with, which {@code toString} does not show; null if Redis asks for none
 * @param database the database's number, 0 to {@value #MAX_DATABASE}
 */
public record RedisSettings(
        Endpoint endpoint, @Nullable String user, @Nullable Secret password, int database) implements StoreSettings {

    /** The port of a configuration that names none. */
    public static final int DEFAULT_PORT = 6379;

    /** The highest number that a database may have. */
    public static final int MAX_DATABASE = 65535;

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if the database is outside its range, or there is a user without a password
     */
    public RedisSettings {
        if (user != null && password == null) {
            throw new IllegalArgumentException("password must be given if user is");
        }
        if (database < 0 || database > MAX_DATABASE) {
            throw new IllegalArgumentException("database must be 0 to " + MAX_DATABASE + ", but is " + database);
        }
    }
}
