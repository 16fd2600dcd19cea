package org.bucketkeeper.redis;

import io.lettuce.core.SslOptions;
import io.lettuce.core.SslOptions.Resource;
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
     * Looks at the files, which are read with every connection, so that they can be renewed.
     *
     * @throws IllegalArgumentException if one cannot be used
     */
    SslOptions options() {
        SslContextBuilder trial = SslContextBuilder.forClient();
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider();
        try {
            if (caFile != null) {
                Path trusted = readable("trustedCertificates", caFile);
                trial.trustManager(trusted.toFile());
                options.trustManager(Resource.from(trusted.toFile()));
            }
            if (certificateFile != null && keyFile != null) {
                Path certificate = readable("clientCertificate", certificateFile);
                Path key = readable("clientCertificate key", keyFile);
                trial.keyManager(certificate.toFile(), key.toFile());
                options.keyManager(Resource.from(certificate.toFile()), Resource.from(key.toFile()), new char[0]);
            }
            trial.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "certificates must be in PEM, and the key in PEM as PKCS #8, not encrypted, but " + this
                            + " cannot be used: " + Errors.describe(e),
                    e);
        }
        return options.build();
    }

    private static Path readable(String what, Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(what + " must be a file that can be read, but was: " + file);
        }
        return file;
    }
}
