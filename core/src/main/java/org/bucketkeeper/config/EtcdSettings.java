package org.bucketkeeper.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells how to reach etcd.
 *
 * @param endpoints the members to talk to; at least one, none twice
 * @param tls the files for TLS; null for plain connections
 * @param credentials what to log in with; null if etcd asks for no user
 */
public record EtcdSettings(
        List<Endpoint> endpoints,
        @Nullable TlsFiles tls,
        @Nullable Credentials credentials) implements StoreSettings {

    /** The port of an endpoint that names none. */
    public static final int DEFAULT_PORT = 2379;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there is no endpoint
     */
    public EtcdSettings {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("endpoints must not be empty");
        }
    }
}
