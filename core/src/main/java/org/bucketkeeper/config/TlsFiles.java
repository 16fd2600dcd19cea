package org.bucketkeeper.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Names the PEM files for TLS connections to the store. At least one of the authority and the certificate is given.
 *
 * <p>A file read from the configuration existed and was readable at that moment; what is in it was not looked at.
 *
 * @param certificateAuthority what the server's certificate is checked against; null for the authorities that the Java
 *     runtime trusts
 * @param certificate what this process shows to the server; null if the server does not ask for it
 * @param privateKey the certificate's key; null if and only if there is no certificate
 */
public record TlsFiles(
        @Nullable Path certificateAuthority,
        @Nullable Path certificate,
        @Nullable Path privateKey) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if no file is given, or only one of certificate and key
     */
    public TlsFiles {
        if ((certificate == null) != (privateKey == null)) {
            throw new IllegalArgumentException(
                    "certificate and privateKey must be given together, but are " + certificate + " and " + privateKey);
        }
        if (certificateAuthority == null && certificate == null) {
            throw new IllegalArgumentException("certificateAuthority or certificate must be given, but both are null");
        }
    }
}
