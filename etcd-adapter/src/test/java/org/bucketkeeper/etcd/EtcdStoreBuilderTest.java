package org.bucketkeeper.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.bucketkeeper.store.Transaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong settings and arguments are refused at once, by name; secrets stay unseen. */
class EtcdStoreBuilderTest {

    @ParameterizedTest
    @CsvSource({
        "etcd-01:2379, etcd-01:2379",
        "etcd-01, etcd-01:2379",
        "etcd_1.example.org:80, etcd_1.example.org:80",
        "10.0.0.1:1, 10.0.0.1:1",
        "[fd00::1]:65535, [fd00::1]:65535",
        "[::1], [::1]:2379"
    })
    void anEndpointIsAHostAndAPort(String text, String understood) {
        assertThat(Endpoint.parse(text)).hasToString(understood);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":2379",
                "etcd:",
                "etcd:0",
                "etcd:65536",
                "etcd:x",
                "http://etcd:2379",
                "etcd:2379/",
                "fd00::1",
                "a:1,b:2",
                "user@etcd:2379",
                "etcd :2379"
            })
    void anythingElseIsNot(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdStore.connect(text))
                .withMessageContaining("endpoint must be host:port")
                .withMessageEndingWith("was: " + text);
    }

    @Test
    void severalEndpointsArriveAtTheResolverAsTheyAre() {
        List<Endpoint> endpoints = List.of(new Endpoint("a_1", 1), new Endpoint("fd00::1", 2), new Endpoint("c", 3));

        assertThat(EndpointResolver.describe(EndpointResolver.target(endpoints)))
                .isEqualTo("etcd [a_1:1, [fd00::1]:2, c:3]");
    }

    @Test
    void aStoreNeedsAnEndpoint() {
        assertThatIllegalStateException()
                .isThrownBy(() -> EtcdStore.builder().build())
                .withMessageContaining("endpoints");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 99, 300_001})
    void timeoutsHaveARange(long millis) {
        Duration timeout = Duration.ofMillis(millis);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdStore.builder().requestTimeout(timeout))
                .withMessageContaining("requestTimeout must be from 100 ms to 5 min, but was " + timeout);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdStore.builder().connectTimeout(timeout))
                .withMessageContaining("connectTimeout must be from 100 ms to 5 min, but was " + timeout);
    }

    @Test
    void userAndPasswordMustNotBeEmpty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdStore.builder().credentials("", "secret"))
                .withMessageContaining("user");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdStore.builder().credentials("alice", ""))
                .withMessageContaining("password of user alice");
    }

    @Test
    void thePasswordIsNotShown() {
        EtcdStoreBuilder builder = EtcdStore.builder().endpoints("etcd-01").credentials("alice", "s3cret");
        try (EtcdStore store = builder.build()) {
            assertThat(builder.toString()).contains("alice").doesNotContain("s3cret");
            assertThat(store.toString()).isEqualTo("etcd [etcd-01:2379]");
        }
    }

    @Test
    void aCertificateFileThatIsNotThereIsNamed(@TempDir Path folder) {
        Path missing = folder.resolve("missing.pem");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdStore.builder()
                        .endpoints("etcd-01")
                        .trustedCertificates(missing)
                        .build())
                .withMessageContaining("trustedCertificates")
                .withMessageContaining(missing.toString());
    }

    @Test
    void aCertificateFileOfAnotherKindIsNamed(@TempDir Path folder) throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong.pem"), "not a certificate");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdStore.builder()
                        .endpoints("etcd-01")
                        .trustedCertificates(wrong)
                        .build())
                .withMessageContaining("trustedCertificates")
                .withMessageContaining(wrong.toString());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdStore.builder()
                        .endpoints("etcd-01")
                        .clientCertificate(wrong, wrong)
                        .build())
                .withMessageContaining("clientCertificate")
                .withMessageContaining("PKCS #8")
                .withMessageContaining(wrong.toString());
    }

    @Test
    void aTransactionOfMoreThanEtcdTakesIsRefused() {
        try (EtcdStore store = EtcdStore.connect("etcd-01")) {
            Transaction.Builder operations = Transaction.builder();
            IntStream.rangeClosed(0, store.maxTransactionOperations()).forEach(i -> operations.put("k" + i, "v"));
            Transaction.Builder conditions = Transaction.builder().put("k", "v");
            IntStream.rangeClosed(0, store.maxTransactionOperations()).forEach(i -> conditions.ifAbsent("k" + i));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.commit(operations.build()))
                    .withMessageContaining("at most 128 operations, but has 129");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.commit(conditions.build()))
                    .withMessageContaining("at most 128 conditions, but has 129");
        }
    }

    @Test
    void argumentsOutOfRangeAreRefused() {
        try (EtcdStore store = EtcdStore.connect("etcd-01")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.watch("k", 0, event -> {}))
                    .withMessageContaining("fromRevision must be at least 1, but was 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.grantLease(Duration.ZERO))
                    .withMessageContaining("ttl must be positive");
        }
    }

    @ParameterizedTest
    @CsvSource({"PT0.001S, 1", "PT1S, 1", "PT1.000000001S, 2", "PT90S, 90"})
    void aTtlIsRoundedUpToWholeSeconds(Duration ttl, long seconds) {
        assertThat(Wire.seconds(ttl)).isEqualTo(seconds);
    }
}
