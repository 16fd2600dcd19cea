package org.bucketkeeper.examples.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.examples.load.HistoryChecker;
import org.bucketkeeper.testing.RedisServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same processes on Redis. */
@Tag("once")
class RedisDeploymentIT extends DeploymentTests {

    @Override
    StoreServers launchStore() {
        return RedisServers.launch();
    }

    @Override
    String suffix() {
        return "-on-redis";
    }

    /** Redis dies and comes back, with all that it had answered. */
    @Test
    void nothingChangesHandsWhenRedisComesBackInTime() throws Exception {
        RedisServers servers = RedisServers.launch();
        try (Deployment deployment = Deployment.start(servers, "redis", folder, Duration.ofSeconds(30))) {
            startServers(deployment);
            Map<Bucket, String> before = deployment.holders();
            deployment.moves().reset();
            RedisServer redis = servers.server();
            HistoryChecker.Verdict verdict = underLoad(deployment, load -> {
                redis.kill();
                Thread.sleep(LOAD_A_WHILE.toMillis());
                redis.start();
                Deployment.await(
                        "Redis answers",
                        () -> deployment.hearsOfTheStore()
                                && deployment.holders().equals(before));
                Thread.sleep(LOAD_A_WHILE.toMillis());
            });

            assertThat(verdict.violations()).isEmpty();
            assertThat(deployment.holders()).isEqualTo(before);
            assertThat(deployment.moves().planned()).isZero();
        }
    }
}
