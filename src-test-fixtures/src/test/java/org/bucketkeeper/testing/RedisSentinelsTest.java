package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
final class RedisSentinelsTest {

    private final RedisSentinels sentinels =
            RedisSentinels.launch(RedisSetup.standard().password("a-password"));
    private final RedisServer first = sentinels.servers().get(0);
    private final RedisServer second = sentinels.servers().get(1);

    @AfterEach
    void close() {
        sentinels.close();
    }

    @Test
    void everySentinelNamesThePrimaryToClients() {
        for (RedisServer sentinel : sentinels.sentinels()) {
            assertThat(sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", sentinels.masterName()))
                    .isEqualTo(String.join("\n", first.address()));
        }
        assertThat(sentinels.primary()).isSameAs(first);
    }

    @Test
    void everySentinelKnowsTheOthersAndTheReplica() {
        for (RedisServer sentinel : sentinels.sentinels()) {
            assertThat(sentinel.command("SENTINEL", "MASTER", sentinels.masterName()))
                    .contains("num-other-sentinels\n2", "num-slaves\n1");
        }
    }

    @Test
    void theReplicaTakesThePlaceOfAKilledPrimary() {
        first.kill();

        RedisServer next = sentinels.awaitFailover(first);

        assertThat(next).isSameAs(second);
        assertThat(next.command("SET", "key", "value")).isEqualTo("OK");
    }

    @Test
    void aPrimaryThatComesBackIsTheReplicaAndCanTakeOverInItsTurn() {
        first.kill();
        sentinels.awaitFailover(first);

        first.start();
        sentinels.awaitReady();
        second.kill();

        assertThat(sentinels.awaitFailover(second)).isSameAs(first);
    }

    @Test
    void twoSentinelsAreEnough() {
        sentinels.sentinels().get(0).kill();
        first.kill();

        assertThat(sentinels.awaitFailover(first)).isSameAs(second);
    }
}
