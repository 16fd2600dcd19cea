package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EtcdSecurityTest {

    private final TestCertificates certificates = TestCertificates.create();

    @AfterAll
    void removeCertificates() {
        certificates.close();
    }

    @Test
    void aServerWithCertificatesAnswersAClientWithOne() {
        try (EtcdServer etcd = EtcdServer.builder().tls(certificates).launch()) {
            etcd.http().put("/fixture/key", "value");

            assertThat(etcd.http().get("/fixture/key")).isEqualTo("value");
        }
    }

    @Test
    void aServerWithCertificatesAnswersNobodyElse() {
        try (EtcdServer etcd = EtcdServer.builder().tls(certificates).launch()) {
            EtcdHttp withoutCertificate = EtcdHttp.plain(etcd.endpoints().get(0));

            assertThatThrownBy(() -> withoutCertificate.get("/fixture/key")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aServerWithUsersAnswersRootAlone() {
        try (EtcdServer etcd =
                EtcdServer.builder().rootPassword("a root password").launch()) {
            etcd.http().put("/fixture/key", "value");
            EtcdHttp nobody = EtcdHttp.plain(etcd.endpoints().get(0));

            assertThat(etcd.http().get("/fixture/key")).isEqualTo("value");
            assertThatThrownBy(() -> nobody.get("/fixture/key")).hasMessageContaining("user name is empty");
        }
    }

    @Test
    void aServerWithUsersStaysSoThroughARestart() {
        try (EtcdServer etcd =
                EtcdServer.builder().rootPassword("a root password").launch()) {
            etcd.http().put("/fixture/key", "value");

            etcd.kill();
            etcd.start();

            assertThat(etcd.http().get("/fixture/key")).isEqualTo("value");
        }
    }

    @Test
    void aPasswordIsNotShown() {
        EtcdSecurity security = new EtcdSecurity(null, "a root password");

        assertThat(security.toString()).contains("(hidden)").doesNotContain("a root password");
    }
}
