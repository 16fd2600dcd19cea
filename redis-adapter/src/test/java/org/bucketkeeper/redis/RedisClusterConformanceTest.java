package org.bucketkeeper.redis;

import java.time.Duration;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.testing.CoordinationStoreConformance;
import org.bucketkeeper.testing.RedisCluster;
import org.bucketkeeper.testing.RedisServer;
import org.bucketkeeper.testing.RedisSetup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The store contract on a Redis Cluster of three servers. */
@Tag("once")
class RedisClusterConformanceTest extends CoordinationStoreConformance {

    private static RedisCluster cluster;

    @BeforeAll
    static void launch() {
        cluster = RedisCluster.launch(RedisSetup.standard());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    protected CoordinationStore openClient() {
        return RedisStore.builder().endpoints(cluster.endpoints()).build();
    }

    @Override
    protected void compact(long revision) {
        RedisServer owner = cluster.nodeOf(Redis.key("meta"));
        long current = Long.parseLong(owner.command("HGET", Redis.key("meta"), "revision"));
        owner.command("XTRIM", Redis.key("log"), "MAXLEN", Long.toString(Math.max(0, current - revision + 1)));
    }

    @Override
    protected Duration shortestTtl() {
        return Duration.ofSeconds(1);
    }
}
