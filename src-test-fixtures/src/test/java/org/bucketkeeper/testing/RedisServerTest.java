package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RedisServerTest {

    @Test
    void aLaunchedServerAnswersAPing() {
        try (RedisServer redis = RedisServer.launch()) {
            assertThat(redis.isHealthy()).isTrue();
        }
    }

    @Test
    void aKilledServerComesBackOnItsPort() {
        try (RedisServer redis = RedisServer.launchControllable()) {
            redis.kill();
            boolean answeredWhileDown = redis.isHealthy();
            redis.start();

            assertThat(answeredWhileDown).isFalse();
            assertThat(redis.isHealthy()).isTrue();
        }
    }

    @Test
    void aPausedServerIsSilent() {
        try (RedisServer redis = RedisServer.launchControllable()) {
            redis.pause();
            boolean answeredWhilePaused = redis.isHealthy();
            redis.resume();

            assertThat(answeredWhilePaused).isFalse();
            assertThat(redis.isHealthy()).isTrue();
        }
    }
}
