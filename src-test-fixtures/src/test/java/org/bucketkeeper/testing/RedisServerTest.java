package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    @Test
    void aCommandIsAnsweredAsRedisCliPrintsIt() {
        try (RedisServer redis = RedisServer.launch()) {
            String key = "fixture-test:" + System.nanoTime();

            assertThat(redis.command("GET", key)).isEmpty();
            assertThat(redis.command("RPUSH", key, "one", "two words", "drei \u00fc"))
                    .isEqualTo("3");
            assertThat(redis.command("LRANGE", key, "0", "-1")).isEqualTo("one\ntwo words\ndrei \u00fc");
            assertThat(redis.command("DEL", key)).isEqualTo("1");
        }
    }

    @Test
    void aRefusedCommandSaysWhy() {
        try (RedisServer redis = RedisServer.launch()) {
            assertThatThrownBy(() -> redis.command("CONFIG", "SET", "no-such-thing", "1"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "CONFIG, sent to " + redis.endpoints().get(0))
                    .hasMessageContaining("ERR");
        }
    }

    @Test
    void aServerThatIsDownAnswersNoCommand() {
        try (RedisServer redis = RedisServer.launchControllable()) {
            redis.kill();

            assertThatThrownBy(() -> redis.command("DBSIZE"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("got no answer");
        }
    }
}
