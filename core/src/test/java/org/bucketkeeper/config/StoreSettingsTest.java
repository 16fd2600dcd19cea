package org.bucketkeeper.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that a program makes itself are checked as well. */
class StoreSettingsTest {

    private static final Endpoint ENDPOINT = new Endpoint("host", 1);

    @Test
    void anEndpointNeedsAHost() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Endpoint("", 1))
                .withMessage("host must not be empty");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65536})
    void anEndpointNeedsAPortInItsRange(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Endpoint("host", port))
                .withMessage("port must be 1 to 65535, but is " + port);
    }

    @Test
    void etcdNeedsAnEndpoint() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EtcdSettings(List.of(), null, null))
                .withMessage("endpoints must not be empty");
    }

    @Test
    void etcdSettingsDoNotChangeWithTheListTheyWereMadeFrom() {
        List<Endpoint> endpoints = new ArrayList<>(List.of(ENDPOINT));
        EtcdSettings settings = new EtcdSettings(endpoints, null, null);

        endpoints.clear();

        assertThat(settings.endpoints()).containsExactly(ENDPOINT);
    }

    @Test
    void aCertificateNeedsItsKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TlsFiles(null, Path.of("cert.pem"), null))
                .withMessage("certificate and privateKey must be given together, but are cert.pem and null");
    }

    @Test
    void tlsNeedsAFile() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TlsFiles(null, null, null))
                .withMessage("certificateAuthority or certificate must be given, but both are null");
    }

    @Test
    void redisNeedsAnEndpoint() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisSettings(List.of(), "main", null, null, null, 0))
                .withMessage("endpoints must not be empty");
    }

    @Test
    void theNameOfAPrimaryIsNotEmpty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisSettings(List.of(ENDPOINT), "", null, null, null, 0))
                .withMessage("primary must not be empty");
    }

    @Test
    void aRedisUserNeedsAPassword() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisSettings(List.of(ENDPOINT), null, null, "user", null, 0))
                .withMessage("password must be given if user is");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void aRedisDatabaseMustBeInItsRange(int database) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisSettings(List.of(ENDPOINT), null, null, null, null, database))
                .withMessage("database must be 0 to 65535, but is " + database);
    }
}
