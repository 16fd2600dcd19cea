package org.bucketkeeper.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.bucketkeeper.testing.Eventually.get;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.testing.EtcdServer;
import org.bucketkeeper.testing.Eventually;
import org.bucketkeeper.testing.TestCertificates;
import org.bucketkeeper.testing.WatchRecorder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The store talks to etcd with TLS and as a user, and says clearly why it may not. */
class EtcdSecurityTest {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
    private static final String KEY = "security/k";

    /** Returns why reading is refused, in time. */
    private static StoreException refusal(EtcdStoreBuilder builder) {
        try (EtcdStore store = builder.requestTimeout(REQUEST_TIMEOUT).build()) {
            CompletionStage<?> read = store.read(KEY);
            return assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> get(read, REQUEST_TIMEOUT.plusSeconds(2)))
                    .actual();
        }
    }

    @Nested
    class WithCertificates {

        private static TestCertificates certificates;
        private static EtcdServer server;

        @BeforeAll
        static void launch() {
            certificates = TestCertificates.create();
            server = EtcdServer.builder().tls(certificates).launch();
        }

        @AfterAll
        static void stop() {
            server.close();
            certificates.close();
        }

        private EtcdStoreBuilder builder() {
            return EtcdStore.builder().endpoints(server.endpoints());
        }

        @Test
        void aClientThatShowsItsCertificateIsServed() {
            try (EtcdStore store = builder()
                    .trustedCertificates(certificates.authority())
                    .clientCertificate(certificates.clientCertificate(), certificates.clientKey())
                    .build()) {
                WatchRecorder recorder = new WatchRecorder();
                Lease lease = get(store.grantLease(Duration.ofSeconds(60)));
                store.watch(KEY, get(store.read(KEY)).revision() + 1, recorder);

                get(store.commit(
                        Transaction.builder().putUnder(lease.id(), KEY, "v").build()));

                recorder.awaitKeys(1);
                assertThat(get(store.keepAlive(lease.id()))).isInstanceOf(KeepAliveResult.Renewed.class);
            }
        }

        @Test
        void aClientWithoutACertificateIsRefused() {
            StoreException refusal = refusal(builder().trustedCertificates(certificates.authority()));

            assertThat(refusal).hasMessageContaining("read prefix");
        }

        @Test
        void aServerWhoseAuthorityIsNotTrustedIsRefused() {
            StoreException refusal = refusal(builder().tls());

            assertThat(refusal)
                    .hasMessageContaining("unable to find valid certification path")
                    .hasMessageNotContaining("\n");
        }

        @Test
        void aClientThatDoesNotEncryptFailsInTime() {
            StoreException refusal = refusal(builder());

            assertThat(refusal).hasMessageContaining(server.endpoints().get(0));
        }
    }

    @Nested
    class WithUsers {

        private static final String PASSWORD = "s3cret-of-root";
        private static EtcdServer server;

        @BeforeAll
        static void launch() {
            server = EtcdServer.builder().controllable().rootPassword(PASSWORD).launch();
        }

        @AfterAll
        static void stop() {
            server.close();
        }

        private EtcdStoreBuilder builder() {
            return EtcdStore.builder().endpoints(server.endpoints());
        }

        @Test
        void aUserWithThePasswordIsServed() {
            try (EtcdStore store = builder().credentials("root", PASSWORD).build()) {
                WatchRecorder recorder = new WatchRecorder();
                store.watch(KEY, get(store.read(KEY)).revision() + 1, recorder);

                CommitResult result =
                        get(store.commit(Transaction.builder().put(KEY, "v").build()));

                assertThat(result).isInstanceOf(CommitResult.Committed.class);
                recorder.awaitKeys(1);
            }
        }

        @Test
        void aWrongPasswordIsRefusedWithoutBeingShown() {
            StoreException refusal = refusal(builder().credentials("root", "wr0ng-password"));

            assertThat(refusal)
                    .hasMessageContaining("authentication failed")
                    .hasMessageNotContaining("wr0ng-password")
                    .hasStackTraceContaining("INVALID_ARGUMENT");
        }

        @Test
        void aClientThatDoesNotLogInIsRefused() {
            StoreException refusal = refusal(builder());

            assertThat(refusal).hasMessageContaining("user name is empty");
        }

        @Test
        void aServerThatForgotTheSessionIsLoggedInToAgain() {
            try (EtcdStore store = builder().credentials("root", PASSWORD).build()) {
                get(store.read(KEY));

                server.kill();
                server.start();

                Eventually.until("an answer", () -> answers(store));
            }
        }

        private boolean answers(EtcdStore store) {
            try {
                get(store.read(KEY));
                return true;
            } catch (StoreException e) {
                return false;
            }
        }
    }
}
