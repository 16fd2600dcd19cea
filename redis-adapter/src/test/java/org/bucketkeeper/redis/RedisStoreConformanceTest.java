package org.bucketkeeper.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.testing.CoordinationStoreConformance;
import org.bucketkeeper.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The store contract on one Redis. */
class RedisStoreConformanceTest extends CoordinationStoreConformance {

    private static final String LOG = "{bucketkeeper}:log";

    private static RedisServer server;
    private static RedisClient client;
    private static StatefulRedisConnection<String, String> connection;

    @BeforeAll
    static void launch() {
        server = RedisServer.launch();
        client = RedisClient.create(
                RedisURI.create("redis://" + server.endpoints().get(0)));
        connection = client.connect();
    }

    @AfterAll
    static void stop() {
        client.shutdown(0, 1, TimeUnit.SECONDS);
        server.close();
    }

    @Override
    protected CoordinationStore openClient() {
        return RedisStore.builder().endpoints(server.endpoints()).build();
    }

    @Override
    protected void compact(long revision) {
        RedisCommands<String, String> redis = connection.sync();
        long current = Long.parseLong(redis.hget("{bucketkeeper}:meta", "revision"));
        redis.xtrim(LOG, Math.max(0, current - revision + 1));
    }

    @Override
    protected Duration shortestTtl() {
        return Duration.ofSeconds(1);
    }
}
