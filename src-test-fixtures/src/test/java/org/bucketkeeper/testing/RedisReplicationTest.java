package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
final class RedisReplicationTest {

    private final RedisReplication replication =
            RedisReplication.launch(RedisSetup.standard().password("a-password"), 2);
    private final RedisServer primary = replication.primary();
    private final RedisServer replica = replication.replicas().get(0);
    private final RedisServer otherReplica = replication.replicas().get(1);

    @AfterEach
    void close() {
        replication.close();
    }

    @Test
    void replicasInSyncHaveWhatThePrimaryWasTold() {
        primary.command("SET", "key", "value");

        replication.awaitInSync();

        assertThat(replica.command("GET", "key")).isEqualTo("value");
        assertThat(otherReplica.command("GET", "key")).isEqualTo("value");
    }

    @Test
    void aReplicaRefusesWrites() {
        assertThatThrownBy(() -> replica.command("SET", "key", "value")).hasMessageContaining("READONLY");
    }

    @Test
    void aReplicaThatWasDisconnectedLacksTheLastWritesOnceItIsPromoted() {
        primary.command("SET", "key", "early");
        replication.awaitInSync();

        replication.disconnect(replica);
        primary.command("SET", "key", "late");
        primary.kill();
        replication.promote(replica);

        assertThat(replica.command("GET", "key")).isEqualTo("early");
        assertThat(replica.command("SET", "key", "new")).isEqualTo("OK");
    }

    @Test
    void aReplicaThatIsReconnectedCatchesUp() {
        replication.disconnect(replica);
        primary.command("SET", "key", "value");
        String missed = replica.command("GET", "key");

        replication.reconnect(replica);
        replication.awaitInSync();

        assertThat(missed).isEmpty();
        assertThat(replica.command("GET", "key")).isEqualTo("value");
    }

    @Test
    void aPromotedReplicaIsAPrimaryAfterItsRestartAsWell() {
        replication.promote(replica);

        replica.kill();
        replica.start();

        assertThat(replica.command("SET", "key", "value")).isEqualTo("OK");
        assertThat(primary.command("EXISTS", "key")).isEqualTo("0");
    }

    @Test
    void aReplicaThatIsStartedAgainCatchesUp() {
        replica.kill();
        primary.command("SET", "key", "value");

        replica.start();
        replication.awaitInSync();

        assertThat(replica.command("GET", "key")).isEqualTo("value");
    }

    @Test
    void aServerOfAnotherFixtureIsNoReplica() {
        assertThatThrownBy(() -> replication.disconnect(primary)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void encryptionIsRefusedBeforeAnythingStarts() {
        try (TestCertificates certificates = TestCertificates.create()) {
            RedisSetup encrypted = RedisSetup.standard().tls(certificates);

            assertThatThrownBy(() -> RedisReplication.launch(encrypted, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("TLS");
        }
    }
}
