package org.bucketkeeper.etcd;

import java.nio.file.Path;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.Credentials;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.config.EtcdSettings;
import org.bucketkeeper.config.TlsFiles;

/** Makes a store as an operator's file says. */
final class ConfiguredStore {

    private ConfiguredStore() {}

    static EtcdStore of(ClusterConfig config) {
        if (!(config.store() instanceof EtcdSettings settings)) {
            throw new IllegalArgumentException(config.file() + ": store must be \"etcd\" for this adapter, but is not");
        }
        EtcdStoreBuilder builder = EtcdStore.builder()
                .endpoints(settings.endpoints().stream().map(Endpoint::toString).toList())
                .requestTimeout(config.requestTimeout());
        TlsFiles tls = settings.tls();
        if (tls != null) {
            useTls(builder, tls);
        }
        Credentials credentials = settings.credentials();
        if (credentials != null) {
            builder.credentials(credentials.user(), credentials.password().reveal());
        }
        return builder.build();
    }

    private static void useTls(EtcdStoreBuilder builder, TlsFiles tls) {
        builder.tls();
        Path authority = tls.certificateAuthority();
        if (authority != null) {
            builder.trustedCertificates(authority);
        }
        Path certificate = tls.certificate();
        Path key = tls.privateKey();
        if (certificate != null && key != null) {
            builder.clientCertificate(certificate, key);
        }
    }
}
