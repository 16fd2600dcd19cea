package org.bucketkeeper.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import org.bucketkeeper.config.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What an address in one line says.
 *
 * @param endpoints the servers, or the sentinels if there is a {@code primary}
 * @param primary what sentinels call the primary; null if none are to be asked
 * @param user null for the default user
 * @param password null if none is needed
 */
record RedisAddress(
        List<Endpoint> endpoints,
        @Nullable String primary,
        @Nullable String user,
        @Nullable String password,
        int database,
        Encryption encryption) {

    /** Whether to use TLS. */
    enum Encryption {
        NONE,
        TLS
    }

    static RedisAddress parse(String text) {
        RedisURI uri;
        try {
            uri = RedisURI.create(text);
        } catch (RuntimeException e) {
            // Neither the text nor the cause may be shown: they may have a password in them.
            throw new IllegalArgumentException(
                    "the address of Redis must be redis://[user:password@]host[:port][/database],"
                            + " rediss:// for TLS, or redis-sentinel://host[:port],host[:port][/database]#primary,"
                            + " but it is not");
        }
        boolean sentinel = !uri.getSentinels().isEmpty();
        List<Endpoint> endpoints = sentinel
                ? uri.getSentinels().stream().map(RedisAddress::endpoint).toList()
                : List.of(endpoint(uri));
        RedisCredentials credentials =
                uri.getCredentialsProvider().resolveCredentials().block(Duration.ofSeconds(1));
        boolean locked = credentials != null && credentials.hasPassword();
        return new RedisAddress(
                endpoints,
                sentinel ? uri.getSentinelMasterId() : null,
                locked && credentials.hasUsername() ? credentials.getUsername() : null,
                locked ? new String(credentials.getPassword()) : null,
                uri.getDatabase(),
                uri.isSsl() ? Encryption.TLS : Encryption.NONE);
    }

    boolean encrypted() {
        return encryption == Encryption.TLS;
    }

    private static Endpoint endpoint(RedisURI uri) {
        return new Endpoint(uri.getHost(), uri.getPort());
    }

    @Override
    public String toString() {
        return endpoints.toString();
    }
}
