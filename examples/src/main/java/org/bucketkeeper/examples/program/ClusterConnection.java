package org.bucketkeeper.examples.program;

import java.util.List;
import java.util.stream.Collectors;
import org.bucketkeeper.BucketKeeper;
import org.bucketkeeper.ClusterClient;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.config.EtcdSettings;
import org.bucketkeeper.config.RedisSettings;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.redis.RedisStore;
import org.bucketkeeper.store.CoordinationStore;
import org.jspecify.annotations.Nullable;

/** One process's connection to its cluster: the store that the configuration names, and the roles over it. */
public final class ClusterConnection implements AutoCloseable {

    private final ClusterConfig config;
    private final CoordinationStore store;
    private final BucketKeeper roles;
    private @Nullable ClusterClient client;

    private ClusterConnection(ClusterConfig config, CoordinationStore store) {
        this.config = config;
        this.store = store;
        this.roles = BucketKeeper.configured(store, config);
    }

    /**
     * Returns a connection; it does not wait for the store, which may come later.
     *
     * @throws ProgramException if the configuration names a file that cannot be used
     */
    public static ClusterConnection open(ClusterConfig config) {
        try {
            return over(
                    config.store() instanceof RedisSettings
                            ? RedisStore.configured(config)
                            : EtcdStore.configured(config),
                    config);
        } catch (IllegalArgumentException e) {
            throw new ProgramException("cannot use the configuration: " + e.getMessage(), e);
        }
    }

    /** Returns a connection over a store that it closes in the end, whatever store the configuration names. */
    public static ClusterConnection over(CoordinationStore store, ClusterConfig config) {
        return new ClusterConnection(config, store);
    }

    /** Returns what the operators configured. */
    public ClusterConfig config() {
        return config;
    }

    /** Returns what starts the roles of this process. */
    public BucketKeeper roles() {
        return roles;
    }

    /** Returns the client that this process's programs share, so that they need one watch; ends with this connection. */
    public synchronized ClusterClient client() {
        ClusterClient known = client;
        if (known == null) {
            known = roles.client();
            client = known;
        }
        return known;
    }

    /** Returns the store. */
    public CoordinationStore store() {
        return store;
    }

    /** Returns which store this is, such as {@code etcd a:2379,b:2379} or {@code redis mymaster by s1:26379,s2:26379}. */
    public String storeName() {
        if (config.store() instanceof RedisSettings redis) {
            String by = redis.primary() == null ? "" : redis.primary() + " by ";
            return "redis " + by + joined(redis.endpoints());
        }
        return "etcd " + joined(((EtcdSettings) config.store()).endpoints());
    }

    private static String joined(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::toString).collect(Collectors.joining(","));
    }

    /** Returns which cluster this is, for a start line. */
    @Override
    public String toString() {
        return "cluster " + config.prefix() + " on " + storeName();
    }

    /** Closes the store; the roles have to be closed before. */
    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
        store.close();
    }
}
