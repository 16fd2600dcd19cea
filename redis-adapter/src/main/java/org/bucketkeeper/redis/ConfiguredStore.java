package org.bucketkeeper.redis;

import java.nio.file.Path;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.config.RedisSettings;
import org.bucketkeeper.config.Secret;
import org.bucketkeeper.config.TlsFiles;

/** Makes a store as an operator's file says. */
final class ConfiguredStore {

    private ConfiguredStore() {}

    static RedisStore of(ClusterConfig config) {
        if (!(config.store() instanceof RedisSettings settings)) {
            throw new IllegalArgumentException(
                    config.file() + ": store must be \"redis\" for this adapter, but is not");
        }
        RedisStoreBuilder builder =
                RedisStore.builder().database(settings.database()).requestTimeout(config.requestTimeout());
        String[] endpoints =
                settings.endpoints().stream().map(Endpoint::toString).toArray(String[]::new);
        String primary = settings.primary();
        if (primary == null) {
            builder.endpoints(endpoints);
        } else {
            builder.sentinels(primary, endpoints);
        }
        TlsFiles tls = settings.tls();
        if (tls != null) {
            encrypt(builder, tls);
        }
        Secret password = settings.password();
        if (password != null) {
            String user = settings.user();
            if (user == null) {
                builder.password(password.reveal());
            } else {
                builder.credentials(user, password.reveal());
            }
        }
        return builder.build();
    }

    private static void encrypt(RedisStoreBuilder builder, TlsFiles tls) {
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
