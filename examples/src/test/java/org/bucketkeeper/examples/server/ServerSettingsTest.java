package org.bucketkeeper.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.bucketkeeper.config.Secret;
import org.bucketkeeper.examples.program.ProgramException;
import org.bucketkeeper.membership.NodeInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@Tag("once")
final class ServerSettingsTest {

    private static final ServerSettings.Times IMPATIENT = new ServerSettings.Times(
            Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO, Duration.ofHours(1), Duration.ZERO);

    @TempDir
    private Path folder;

    @Test
    void theOperatorsFileNamesTheDatabase() throws IOException {
        StorageSettings storage = Objects.requireNonNull(StorageFile.read(
                file("{\"host\": \"db.example.com\", # the MariaDB\n\"user\": \"u\", \"password\": \"hidden\","
                        + " \"database\": \"dtable_db\", \"port\": 3307, \"private_key\": \"x\"}"),
                null,
                null));

        assertThat(storage.url()).isEqualTo("jdbc:mariadb://db.example.com:3307/dtable_db");
        assertThat(storage.user()).isEqualTo("u");
        assertThat(storage.password()).isEqualTo(Secret.of("hidden"));
        assertThat(storage.toString()).doesNotContain("hidden");
    }

    @Test
    void aFileWithoutADatabaseNamesNone() throws IOException {
        assertThat(StorageFile.read(file("{\"cluster_config\": {}}"), null, null))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"host\":\"h\"}|database must be text",
                "{\"host\":7,\"database\":\"d\",\"user\":\"u\",\"password\":\"p\"}|host must be text",
                "{\"host\":\"h\",\"port\":\"x\"}|port must be a number",
                "{\"host\":|line 1"
            })
    void halfADatabaseIsRefusedWithWords(String text, String message) throws IOException {
        Path file = file(text);

        assertThatExceptionOfType(ProgramException.class)
                .isThrownBy(() -> StorageFile.read(file, null, null))
                .withMessageContaining(message)
                .withMessageContaining(file.toString());
    }

    @Test
    void aUrlOfADatabaseWithoutADriverIsRefused() {
        assertThatExceptionOfType(ProgramException.class)
                .isThrownBy(() -> new StorageSettings("jdbc:oracle:thin:@secret", null, null))
                .withMessageContaining("jdbc:mariadb:")
                .withMessageNotContaining("secret");
    }

    @Test
    void mysqlIsReachedWithTheDriverOfMariadb() {
        assertThat(new StorageSettings("jdbc:mysql://h/d", null, null).url()).isEqualTo("jdbc:mariadb://h/d");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:mariadb://h/d?user=u&password=secret, jdbc:mariadb://h/d",
        "jdbc:postgresql://u:secret@h/d, jdbc:postgresql://h/d"
    })
    void aPasswordInAUrlIsNotShown(String url, String shown) {
        assertThat(new StorageSettings(url, null, null)).hasToString(shown);
    }

    @Test
    void aFlagGoesBeforeTheFileAndTheFileBeforeTheHostsName() {
        NodeInfo inFile = NodeInfo.of("in-file", "https://public.example.com/", "http://10.0.0.1/");
        ServerSettings named = settings(0, new ServerSettings.Names("named", null, null), folder);
        ServerSettings plain = settings(0, ServerSettings.Names.AS_CONFIGURED, folder);

        assertThat(named.node(inFile, 5000).nodeId()).isEqualTo("named");
        assertThat(named.node(inFile, 5000).nodeUrl()).isEqualTo(inFile.nodeUrl());
        assertThat(plain.node(inFile, 5000)).isEqualTo(inFile);
        assertThat(plain.node(null, 5000).nodeId()).isEqualTo("dtable-server-127.0.0.1-5000");
        assertThat(plain.node(null, 5000).localNodeUrl()).isEqualTo(URI.create("http://127.0.0.1:5000/"));
    }

    @Test
    void aUrlThatIsNoneIsRefusedWithWords() {
        ServerSettings settings = settings(0, new ServerSettings.Names(null, "public.example.com", null), folder);

        assertThatExceptionOfType(ProgramException.class)
                .isThrownBy(() -> settings.node(null, 5000))
                .withMessageContaining("node_url")
                .withMessageContaining("public.example.com");
    }

    @Test
    void aPortInUseIsSaid() throws IOException {
        Vertx vertx = Vertx.vertx();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            ServerSettings settings = settings(taken.getLocalPort(), ServerSettings.Names.AS_CONFIGURED, folder);

            assertThatExceptionOfType(ProgramException.class)
                    .isThrownBy(() -> DtableServer.start(vertx, null, settings))
                    .withMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .withMessageContaining("in use");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void aStorageThatIsAwayIsSaid() {
        StorageSettings nobodyThere =
                new StorageSettings("jdbc:postgresql://127.0.0.1:1/d?user=u&password=secret", null, null);

        assertThatExceptionOfType(ProgramException.class)
                .isThrownBy(() -> BaseStorage.open(nobodyThere, Duration.ZERO))
                .withMessageContaining("cannot use the storage jdbc:postgresql://127.0.0.1:1/d")
                .withMessageContaining("refused")
                .withMessageNotContaining("secret");
    }

    @Test
    void aFolderThatIsAFileIsSaid() throws IOException {
        Path file = file("{}");

        assertThatExceptionOfType(ProgramException.class)
                .isThrownBy(() -> BaseStorage.open(StorageSettings.file(file), Duration.ZERO))
                .withMessageContaining(file.toString());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("dtable_server_config.json"), text);
    }

    private static ServerSettings settings(int port, ServerSettings.Names names, Path data) {
        return new ServerSettings("127.0.0.1", port, names, null, StorageSettings.file(data), IMPATIENT);
    }
}
