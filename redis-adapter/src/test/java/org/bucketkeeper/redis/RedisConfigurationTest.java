package org.bucketkeeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bucketkeeper.testing.Eventually.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.testing.RedisSentinels;
import org.bucketkeeper.testing.RedisServer;
import org.bucketkeeper.testing.RedisSetup;
import org.bucketkeeper.testing.TestCertificates;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operators' file is enough to reach Redis. */
@Tag("once")
class RedisConfigurationTest {

    private static final String PASSWORD = "correct horse";

    @TempDir
    private Path folder;

    @Test
    void aFileNamesServerPasswordAndDatabase() throws IOException {
        try (RedisServer server = RedisServer.launch(RedisSetup.standard().password(PASSWORD))) {
            Endpoint endpoint = endpoint(server);
            ClusterConfig config = config("""
                    {
                      "redis_host": "%s", "redis_port": %d, "redis_password": "%s", "redis_db": 3,
                      "cluster_config": {"store": "redis"}
                    }
                    """.formatted(endpoint.host(), endpoint.port(), PASSWORD));

            assertThatItIsUsed(config);

            assertThat(server.command("INFO", "keyspace")).contains("db3:").doesNotContain("db0:");
        }
    }

    @Test
    void aFileNamesTheCertificatesForTls() throws IOException {
        try (TestCertificates certificates = TestCertificates.create();
                RedisServer server = RedisServer.launch(RedisSetup.standard().mutualTls(certificates))) {
            Endpoint endpoint = endpoint(server);
            ClusterConfig config = config("""
                    {
                      "redis_host": "%s", "redis_port": %d,
                      "cluster_config": {
                        "store": "redis", "redis_ca_file": "%s", "redis_cert_file": "%s", "redis_key_file": "%s"
                      }
                    }
                    """.formatted(
                            endpoint.host(),
                            endpoint.port(),
                            certificates.authority(),
                            certificates.clientCertificate(),
                            certificates.clientKey()));

            assertThatItIsUsed(config);
        }
    }

    @Test
    void aFileNamesThePrimaryAndItsSentinels() throws IOException {
        try (RedisSentinels sentinels = RedisSentinels.launch(RedisSetup.standard())) {
            String list = sentinels.endpoints().stream()
                    .map(endpoint -> "\"" + endpoint + "\"")
                    .collect(Collectors.joining(", "));
            ClusterConfig config = config("""
                    {"cluster_config": {"store": "redis", "redis_sentinel_primary": "%s", "redis_sentinel_list": [%s]}}
                    """.formatted(sentinels.masterName(), list));

            assertThatItIsUsed(config);

            assertThat(sentinels.primary().command("EXISTS", Redis.key("meta"))).isEqualTo("1");
        }
    }

    @Test
    void aFileThatNamesAnotherStoreIsRefused() throws IOException {
        ClusterConfig config = config("{\"cluster_config\": {\"etcd_host\": \"e\"}}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisStore.configured(config))
                .withMessageContaining("store must be \"redis\" for this adapter, but is not");
    }

    private static Endpoint endpoint(RedisServer server) {
        return Endpoint.parse(server.endpoints().get(0), 1);
    }

    private ClusterConfig config(String text) throws IOException {
        return ClusterConfig.read(Files.writeString(folder.resolve("dtable_server_config.json"), text));
    }

    private static void assertThatItIsUsed(ClusterConfig config) {
        try (RedisStore store = RedisStore.configured(config)) {
            assertThat(get(store.read("")).revision()).isPositive();
        }
    }
}
