package org.bucketkeeper.examples.demo;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.redis.RedisStore;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.memory.InMemoryStore;

/** Gives every process of the demonstration a connection of its own to one store. */
interface Backend extends AutoCloseable {

    /** Returns a new connection, which its user closes. */
    CoordinationStore connect(String processName);

    @Override
    void close();

    /** Returns a store inside this process. */
    static Backend inMemory() {
        InMemoryStore store = InMemoryStore.create();
        return new Backend() {

            @Override
            public CoordinationStore connect(String processName) {
                return store.connect(processName);
            }

            @Override
            public void close() {
                store.close();
            }

            @Override
            public String toString() {
                return "an embedded store";
            }
        };
    }

    /** Returns the Redis with this address. */
    static Backend redis(String uri, Duration requestTimeout) {
        // The address may have a password in it, and so is not shown.
        return outside(
                "redis",
                () -> RedisStore.builder()
                        .uri(uri)
                        .requestTimeout(requestTimeout)
                        .build());
    }

    /** Returns an etcd cluster with these members. */
    static Backend etcd(List<String> endpoints, Duration requestTimeout) {
        return outside(
                "etcd " + String.join(",", endpoints),
                () -> EtcdStore.builder()
                        .endpoints(endpoints)
                        .requestTimeout(requestTimeout)
                        .build());
    }

    private static Backend outside(String name, Supplier<CoordinationStore> connections) {
        return new Backend() {

            @Override
            public CoordinationStore connect(String processName) {
                return connections.get();
            }

            @Override
            public void close() {
                // Each connection is closed by its user, and the server goes on.
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
