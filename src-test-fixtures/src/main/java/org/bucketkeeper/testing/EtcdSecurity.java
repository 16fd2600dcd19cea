package org.bucketkeeper.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** What etcd's command line needs for the encryption; {@code pathOf} says where the server finds a file. */
    List<String> arguments(Function<Path, String> pathOf) {
        if (certificates == null) {
            return List.of();
        }
        return List.of(
                "--cert-file",
                pathOf.apply(certificates.serverCertificate()),
                "--key-file",
                pathOf.apply(certificates.serverKey()),
                "--client-cert-auth",
                "--trusted-ca-file",
                pathOf.apply(certificates.authority()));
    }

    /** The files that the arguments name, each by {@code prefix} and its own name. */
    Map<String, Path> files(String prefix) {
        if (certificates == null) {
            return Map.of();
        }
        return Stream.of(certificates.serverCertificate(), certificates.serverKey(), certificates.authority())
                .collect(Collectors.toUnmodifiableMap(file -> prefix + file.getFileName(), file -> file));
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
