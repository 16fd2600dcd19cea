package org.bucketkeeper.testing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How clients of an etcd prove who they are and what they may trust.
 *
 * @param certificates null: no encryption
 * @param rootPassword null: no users
 */
record EtcdSecurity(
        @Nullable TestCertificates certificates, @Nullable String rootPassword) {

    static final EtcdSecurity NONE = new EtcdSecurity(null, null);

    String scheme() {
        return certificates == null ? "http" : "https";
    }

    /** What etcd's command line needs for the encryption. */
    List<String> arguments() {
        if (certificates == null) {
            return List.of();
        }
        return List.of(
                "--cert-file",
                certificates.serverCertificate().toString(),
                "--key-file",
                certificates.serverKey().toString(),
                "--client-cert-auth",
                "--trusted-ca-file",
                certificates.authority().toString());
    }

    /** A client of the one server at {@code endpoint}. */
    EtcdHttp http(String endpoint) {
        EtcdHttp http =
                certificates == null ? EtcdHttp.plain(endpoint) : EtcdHttp.secured(endpoint, certificates.sslContext());
        return rootPassword == null ? http : http.asRoot(rootPassword);
    }

    /** Keeps the password out of logs. */
    @Override
    public String toString() {
        return "EtcdSecurity[certificates=" + certificates + ", rootPassword="
                + (rootPassword == null ? "none" : "(hidden)") + "]";
    }
}
