package org.bucketkeeper.redis;

import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.RedisSettings;
import org.bucketkeeper.config.Secret;

/** Makes a store as an operator's file says. */
final class ConfiguredStore {

    private ConfiguredStore() {}

    static RedisStore of(ClusterConfig config) {
        if (!(config.store() instanceof RedisSettings settings)) {
            throw new IllegalArgumentException(
                    config.file() + ": store must be \"redis\" for this adapter, but is not");
        }
        RedisStoreBuilder builder = RedisStore.builder()
                .endpoints(settings.endpoint().toString())
                .database(settings.database())
                .requestTimeout(config.requestTimeout());
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
}
