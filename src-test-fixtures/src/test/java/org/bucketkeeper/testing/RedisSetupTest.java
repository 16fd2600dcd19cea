package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
final class RedisSetupTest {

    private static final String SECRET = "a \"secret\" \\ of ü";

    private final RedisSetup standard = RedisSetup.standard();

    @Test
    void aStandardServerKeepsEveryWriteThroughAKill() {
        try (RedisServer redis = RedisServer.launch(standard)) {
            redis.command("SET", "key", "value");

            redis.kill();
            redis.start();

            assertThat(redis.command("GET", "key")).isEqualTo("value");
            assertThat(redis.command("CONFIG", "GET", "appendfsync")).endsWith("no");
        }
    }

    @Test
    void aServerThatWritesToDiskEverySecondKeepsItsWritesThroughAKill() {
        try (RedisServer redis = RedisServer.launch(standard.persistence(RedisSetup.Persistence.EVERY_SECOND))) {
            redis.command("SET", "key", "value");

            redis.kill();
            redis.start();

            assertThat(redis.command("GET", "key")).isEqualTo("value");
            assertThat(redis.command("CONFIG", "GET", "appendfsync")).endsWith("everysec");
        }
    }

    @Test
    void aServerWithoutPersistenceStartsAgainEmpty() {
        try (RedisServer redis = RedisServer.launch(standard.persistence(RedisSetup.Persistence.NONE))) {
            redis.command("SET", "key", "value");

            redis.stop();
            redis.start();

            assertThat(redis.command("DBSIZE")).isEqualTo("0");
        }
    }

    @Test
    void aServerWithoutPersistenceGoesBackToWhatWasSaved() {
        try (RedisServer redis = RedisServer.launch(standard.persistence(RedisSetup.Persistence.NONE))) {
            redis.command("SET", "key", "saved");
            redis.command("SAVE");
            redis.command("SET", "key", "later");

            redis.kill();
            redis.start();

            assertThat(redis.command("GET", "key")).isEqualTo("saved");
        }
    }

    @Test
    void aServerWithAPasswordAnswersNobodyWithoutIt() {
        try (RedisServer redis = RedisServer.launch(standard.password(SECRET))) {
            RedisAdmin nobody = standard.admin(redis.endpoints().get(0));

            assertThat(redis.isHealthy()).isTrue();
            assertThat(redis.command("ECHO", "hello")).isEqualTo("hello");
            assertThatThrownBy(() -> nobody.command("DBSIZE")).hasMessageContaining("NOAUTH");
        }
    }

    @Test
    void aUserMayDoWhatItsRulesSay() {
        RedisSetup setup = standard.user("keeper", SECRET, "~bucketkeeper/* +@all");
        try (RedisServer redis = launchFrom6(setup)) {
            redis.command("SET", "bucketkeeper/key", "value");

            assertThat(redis.command("ACL", "LIST")).contains("user keeper on ", "~bucketkeeper/*");
            assertThat(redis.command("AUTH", "keeper", SECRET)).isEqualTo("OK");
            assertThatThrownBy(() -> redis.command("AUTH", "keeper", "guessed")).hasMessageContaining("WRONGPASS");
        }
    }

    @Test
    void aFullServerRefusesToWriteAndGoesOnReading() {
        long limit = 8 << 20;
        try (RedisServer redis = RedisServer.launch(standard.maxMemory(limit))) {
            redis.command("SET", "before", "value");

            assertThatThrownBy(() -> {
                        for (long written = 0; written <= limit; written += 1 << 20) {
                            redis.command("SET", "filler" + written, "x".repeat(1 << 20));
                        }
                    })
                    .hasMessageContaining("OOM");
            assertThat(redis.command("GET", "before")).isEqualTo("value");
        }
    }

    @Test
    void aFurtherDirectiveReachesTheServer() {
        try (RedisServer redis = RedisServer.launch(standard.directive("databases", "3"))) {
            assertThat(redis.command("CONFIG", "GET", "databases")).isEqualTo("databases\n3");
        }
    }

    @Test
    void aDirectiveThatTheServerDoesNotKnowFailsTheLaunchAndIsNamed() {
        assertThatThrownBy(() -> RedisServer.launch(standard.directive("no-such-thing", "1")))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("no-such-thing");
    }

    @Test
    void anEncryptedServerAnswersOnlyEncryptedClients() {
        try (TestCertificates certificates = TestCertificates.create();
                RedisServer redis = launchFrom6(standard.tls(certificates).password(SECRET))) {
            RedisAdmin unencrypted =
                    standard.password(SECRET).admin(redis.endpoints().get(0));

            assertThat(redis.command("ECHO", "hello")).isEqualTo("hello");
            assertThat(unencrypted.answersPing()).isFalse();
        }
    }

    @Test
    void aServerThatAsksForCertificatesComesBackAfterAKill() {
        try (TestCertificates certificates = TestCertificates.create();
                RedisServer redis = launchFrom6(standard.mutualTls(certificates))) {
            redis.kill();
            redis.start();

            assertThat(redis.command("CONFIG", "GET", "tls-auth-clients")).endsWith("yes");
        }
    }

    @Test
    void aLimitBelowNothingIsRefused() {
        assertThatThrownBy(() -> standard.maxMemory(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPasswordIsNotShown() {
        RedisSetup setup = standard.password(SECRET).user("keeper", SECRET, "+@all");

        assertThat(setup.toString()).contains("requirepass").doesNotContain("secret");
        assertThat(setup.admin("127.0.0.1:1").toString()).doesNotContain("secret");
    }

    /** Launches what only Redis 6 and later know; on an earlier one the test is skipped. */
    private RedisServer launchFrom6(RedisSetup setup) {
        try (RedisServer any = RedisServer.launch(standard)) {
            assumeTrue(!any.version().startsWith("5."), "Redis has users and encryption from version 6 on");
        }
        return RedisServer.launch(setup);
    }
}
