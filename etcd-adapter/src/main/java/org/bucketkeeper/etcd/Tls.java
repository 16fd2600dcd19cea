package org.bucketkeeper.etcd;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust and what to show when connecting with TLS.
 *
 * @param caFile whom to trust; null for the Java runtime's authorities
 * @param certificateFile what to show; null for nothing
 * @param keyFile the private key to {@code certificateFile}; null if that is
 */
record Tls(
        @Nullable Path caFile,
        @Nullable Path certificateFile,
        @Nullable Path keyFile) {

    static Tls ofRuntime() {
        return new Tls(null, null, null);
    }

    Tls trusting(Path newCaFile) {
        return new Tls(newCaFile, certificateFile, keyFile);
    }

    Tls showing(Path newCertificateFile, Path newKeyFile) {
        return new Tls(caFile, newCertificateFile, newKeyFile);
    }

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException if one cannot be used
     */
    SslContext context() {
        SslContextBuilder builder = GrpcSslContexts.forClient();
        if (caFile != null) {
            trust(builder, readable("trustedCertificates", caFile));
        }
        if (certificateFile != null && keyFile != null) {
            show(builder, readable("clientCertificate", certificateFile), readable("clientCertificate key", keyFile));
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("TLS cannot be set up with " + this + ": " + e.getMessage(), e);
        }
    }

    private static void trust(SslContextBuilder builder, Path file) {
        try {
            builder.trustManager(file.toFile());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "trustedCertificates must be certificates in PEM, but cannot be read: " + file + " ("
                            + Errors.describe(e) + ")",
                    e);
        }
    }

    private static void show(SslContextBuilder builder, Path certificate, Path key) {
        try {
            builder.keyManager(certificate.toFile(), key.toFile());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "clientCertificate must be a certificate in PEM and its key in PEM as PKCS #8, not encrypted, but"
                            + " these cannot be used: " + certificate + " and " + key + " (" + Errors.describe(e)
                            + ")",
                    e);
        }
    }

    private static Path readable(String what, Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(what + " must be a file that can be read, but was: " + file);
        }
        return file;
    }
}
