package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

final class TestCertificatesTest {

    @Test
    void filesAreInTheFormThatServersAndClientsReadAndGoWithTheObject() {
        TestCertificates certificates = TestCertificates.create();
        assertThat(certificates.authority()).content().startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(certificates.serverCertificate()).content().startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(certificates.serverKey()).content().startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(certificates.clientCertificate()).content().startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(certificates.clientKey()).content().startsWith("-----BEGIN PRIVATE KEY-----");

        certificates.close();

        assertThat(Files.exists(certificates.clientKey())).isFalse();
    }
}
