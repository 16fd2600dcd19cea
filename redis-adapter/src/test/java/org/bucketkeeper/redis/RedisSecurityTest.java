package org.bucketkeeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.bucketkeeper.testing.Eventually.get;

import java.time.Duration;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.testing.RedisServer;
import org.bucketkeeper.testing.RedisSetup;
import org.bucketkeeper.testing.TestCertificates;
import org.bucketkeeper.testing.WatchRecorder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may use the store, and how it is kept from others' eyes. */
@Tag("once")
class RedisSecurityTest {

    private static final String PASSWORD = "correct horse";

    private static TestCertificates certificates;
    private static TestCertificates strangers;

    @BeforeAll
    static void certify() {
        certificates = TestCertificates.create();
        strangers = TestCertificates.create();
    }

    @AfterAll
    static void forget() {
        certificates.close();
        strangers.close();
    }

    @Test
    void aPasswordOpensTheStore() {
        try (RedisServer server = RedisServer.launch(RedisSetup.standard().password(PASSWORD));
                RedisStore store = at(server).password(PASSWORD).build()) {
            assertThatItWorks(store);
        }
    }

    @Test
    void aWrongPasswordIsSaidToBeWrongAndNotShown() {
        try (RedisServer server = RedisServer.launch(RedisSetup.standard().password(PASSWORD));
                RedisStore store = at(server).password("wrong battery").build()) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> get(store.read("")))
                    .withMessageMatching("(?s).*(WRONGPASS|invalid password|invalid username-password).*")
                    .withMessageNotContaining("battery");
        }
    }

    @Test
    void withoutAPasswordTheServerSaysThatItWantsOne() {
        try (RedisServer server = RedisServer.launch(RedisSetup.standard().password(PASSWORD));
                RedisStore store = at(server).build()) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> get(store.read("")))
                    .withMessageContaining("NOAUTH");
        }
    }

    @Test
    void aUserNeedsNoMoreThanItsOwnKeysAndTheCommandsThatAreDocumented() {
        String rules =
                "~{bucketkeeper}:* -@all +eval +evalsha +info +time +type +exists +persist +del +hset +hget +hmget"
                        + " +hdel +hexists +hlen +zadd +zrem +zrange +zrangebylex +zrangebyscore +zscore +zcard +xadd +xread +lpush"
                        + " +rpop +llen +select";
        try (RedisServer server = RedisServer.launch(RedisSetup.standard().user("keeper", PASSWORD, rules));
                RedisStore store = at(server).credentials("keeper", PASSWORD).build()) {
            assertThatItWorks(store);
        }
    }

    @Test
    void aDatabaseOfItsOwnKeepsStoresApart() {
        try (RedisServer server = RedisServer.launch(RedisSetup.standard());
                RedisStore one = at(server).database(1).build();
                RedisStore two =
                        RedisStore.connect("redis://" + server.endpoints().get(0) + "/2")) {
            assertThatItWorks(one);

            assertThat(get(two.read("")).storeIdentity())
                    .isNotEqualTo(get(one.read("")).storeIdentity());
        }
    }

    @Test
    void aNamespaceOfItsOwnKeepsStoresApart() {
        try (RedisServer server = RedisServer.launch(RedisSetup.standard());
                RedisStore one = at(server).namespace("one").build();
                RedisStore two = at(server).namespace("two").build()) {
            assertThatItWorks(one);

            assertThat(get(two.read("")).entries()).isEmpty();
        }
    }

    @Test
    void aServerWhoseCertificateIsTrustedIsUsedWithTls() {
        try (RedisServer server = RedisServer.launch(RedisSetup.standard().tls(certificates));
                RedisStore store =
                        at(server).trustedCertificates(certificates.authority()).build()) {
            assertThatItWorks(store);
        }
    }

    @Test
    void aServerThatWantsACertificateOfItsClientsGetsOne() {
        try (RedisServer server = RedisServer.launch(RedisSetup.standard().mutualTls(certificates));
                RedisStore store = at(server)
                        .trustedCertificates(certificates.authority())
                        .clientCertificate(certificates.clientCertificate(), certificates.clientKey())
                        .build()) {
            assertThatItWorks(store);
        }
    }

    @Test
    void aServerWhoseCertificateIsNotTrustedIsRefused() {
        try (RedisServer server = RedisServer.launch(RedisSetup.standard().tls(certificates));
                RedisStore store =
                        at(server).trustedCertificates(strangers.authority()).build()) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> get(store.read("")))
                    .withMessageMatching("(?s).*(CertPathValidator|certification path).*");
        }
    }

    @Test
    void aServerThatWantsTlsIsNotUsedWithout() {
        try (RedisServer server = RedisServer.launch(RedisSetup.standard().tls(certificates));
                RedisStore store = at(server).build()) {
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(store.read("")));
        }
    }

    @Test
    void anAddressTellsUserPasswordDatabaseAndTls() {
        RedisSetup setup = RedisSetup.standard().tls(certificates).user("keeper", PASSWORD, "~* +@all");
        try (RedisServer server = RedisServer.launch(setup);
                RedisStore store = RedisStore.builder()
                        .uri("rediss://keeper:correct%20horse@"
                                + server.endpoints().get(0) + "/2")
                        .trustedCertificates(certificates.authority())
                        .build();
                RedisStore unencrypted = RedisStore.connect(
                        "redis://keeper:correct%20horse@" + server.endpoints().get(0) + "/2")) {
            assertThatItWorks(store);
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(unencrypted.read("")));
        }
    }

    @Test
    void serversAndSentinelsAreNotMixed() {
        RedisStoreBuilder builder = RedisStore.builder().endpoints("redis");

        assertThatIllegalStateException().isThrownBy(() -> builder.sentinels("main", "s"));
        assertThatIllegalStateException().isThrownBy(() -> builder.uri("redis-sentinel://s#main"));
    }

    private static RedisStoreBuilder at(RedisServer server) {
        return RedisStore.builder().endpoints(server.endpoints()).requestTimeout(Duration.ofSeconds(2));
    }

    private static void assertThatItWorks(RedisStore store) {
        WatchRecorder recorder = new WatchRecorder();
        store.watch("", get(store.read("")).revision() + 1, recorder);
        Lease lease = get(store.grantLease(Duration.ofSeconds(60)));

        CommitResult result = get(store.commit(Transaction.builder()
                .ifAbsent("k")
                .putUnder(lease.id(), "k", "v")
                .put("stays", "v")
                .build()));

        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        get(store.keepAlive(lease.id()));
        get(store.timeToLive(lease.id()));
        get(store.revokeLease(lease.id()));
        recorder.awaitKeys(3);
        assertThat(get(store.read("")).entries()).hasSize(1);
    }
}
