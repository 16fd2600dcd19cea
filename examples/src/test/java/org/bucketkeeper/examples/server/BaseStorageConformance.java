package org.bucketkeeper.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.fencing.StaleTokenException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What the storage promises on every database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
abstract class BaseStorageConformance {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicLong TOKENS = new AtomicLong();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private String url = "";
    private @Nullable BaseStorage opened;
    private String base = "";
    private Bucket bucket = Bucket.of(0);
    private long token;

    /** Makes a database; returns where JDBC reaches it. */
    abstract String launch();

    abstract void end();

    @BeforeAll
    final void openStorage() {
        url = launch();
        opened = open();
    }

    @BeforeEach
    final void takeNewBase() {
        base = UUID.randomUUID().toString().replace("-", "");
        bucket = Bucket.of(base);
        token = TOKENS.incrementAndGet();
    }

    @AfterEach
    final void keepInOrder() {
        TOKENS.addAndGet(10);
    }

    @AfterAll
    final void close() {
        storage().close();
        threads.shutdownNow();
        end();
    }

    @Test
    void whatWasAppendedIsLoadedInOrder() {
        storage().append(bucket, token, List.of(row(1, "b", "{\"text\":\"x\"}"), row(2, "a", "{}")), () -> true);
        storage().append(bucket, token, List.of(row(3, "B", "{}")), () -> true);

        assertThat(storage().load(bucket, token, base))
                .containsExactly(new Row(1, "b", "{\"text\":\"x\"}"), new Row(2, "a", "{}"), new Row(3, "B", "{}"));
    }

    @Test
    void aLargeRowIsKeptWhole() {
        String content = "{\"text\":\"" + "x".repeat(900_000) + "\"}";

        storage().append(bucket, token, List.of(row(1, "a", content)), () -> true);

        assertThat(storage().load(bucket, token, base)).containsExactly(new Row(1, "a", content));
    }

    @Test
    void aFormerOwnerStoresNothingOnceItsSuccessorHasLoaded() {
        storage().append(bucket, token, List.of(row(1, "a", "{}")), () -> true);
        storage().load(bucket, token + 1, base);

        assertThatThrownBy(() -> storage().append(bucket, token, List.of(row(2, "b", "{}")), () -> true))
                .isInstanceOf(StaleTokenException.class);

        assertThat(storage().load(bucket, token + 1, base)).hasSize(1);
    }

    @Test
    void whatIsNotPermittedAnyMoreWhenItIsThereIsNotStored() {
        assertThatThrownBy(() -> storage().append(bucket, token, List.of(row(1, "a", "{}")), () -> false))
                .isInstanceOf(PermitExpiredException.class);

        assertThat(storage().load(bucket, token, base)).isEmpty();
    }

    @Test
    void aFormerOwnerLoadsNothing() {
        storage().load(bucket, token + 1, base);

        assertThatThrownBy(() -> storage().load(bucket, token, base)).isInstanceOf(StaleTokenException.class);
    }

    @Test
    void ofRowsThatCannotAllBeStoredNoneIs() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() ->
                        storage().append(bucket, token, List.of(row(1, "a", "{}"), row(2, "a", "{}")), () -> true))
                .satisfies(failure -> assertThat(failure.isOutcomeKnown()).isTrue());

        assertThat(storage().load(bucket, token, base)).isEmpty();
    }

    @Test
    void twoWritersOfOneBaseStoreEveryPlaceOnce() throws Exception {
        List<Callable<Integer>> writers = new ArrayList<>();
        for (String writer : List.of("x", "y")) {
            writers.add(() -> {
                int stored = 0;
                try (BaseStorage own = open()) {
                    for (int i = 0; i < 40; i++) {
                        long next = own.load(bucket, token, base).size() + 1L;
                        stored += tryAppend(own, row(next, writer + i, "{}"));
                    }
                }
                return stored;
            });
        }

        int stored = 0;
        for (Future<Integer> done : threads.invokeAll(writers)) {
            stored += done.get();
        }

        assertThat(storage().load(bucket, token, base))
                .extracting(Row::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, stored).boxed().toList());
        assertThat(stored).isGreaterThanOrEqualTo(40);
    }

    @Test
    void aProcessThatIsKilledInATransactionLeavesNothingOfIt() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        HalfAppend.class.getName(),
                        url,
                        base)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            String line = said.readLine();

            process.destroyForcibly().waitFor();

            assertThat(line).isEqualTo("half done");
            assertThat(storage().load(bucket, token, base)).isEmpty();
            storage().append(bucket, token, List.of(row(1, "a", "{}")), () -> true);
        }
    }

    @Test
    void manyProcessesMayStartAtTheSameTime() throws Exception {
        storage().close();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE bucketkeeper_rows");
            statement.execute("DROP TABLE bucketkeeper_fence");
        }
        List<Callable<BaseStorage>> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts.add(this::open);
        }

        for (Future<BaseStorage> started : threads.invokeAll(starts)) {
            started.get().close();
        }

        opened = open();
        storage().append(bucket, token, List.of(row(1, "a", "{}")), () -> true);
        assertThat(storage().load(bucket, token, base)).hasSize(1);
    }

    /** Begins to store a row in a process of its own, and waits. */
    static final class HalfAppend {

        private HalfAppend() {}

        /** Called with the database's URL and the base. */
        public static void main(String[] arguments) throws SQLException, InterruptedException {
            try (Connection connection = DriverManager.getConnection(arguments[0])) {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate("INSERT INTO bucketkeeper_rows (base, seq, row_id, content) VALUES ('"
                            + arguments[1] + "', 1, 'half', '{}')");
                }
                System.out.println("half done");
                Thread.sleep(Duration.ofMinutes(1).toMillis());
            }
        }
    }

    private static int tryAppend(BaseStorage own, BaseStorage.BaseRow row) {
        try {
            own.append(Bucket.of(row.base()), TOKENS.get(), List.of(row), () -> true);
            return 1;
        } catch (StorageException placeTaken) {
            return 0;
        }
    }

    private BaseStorage storage() {
        return Objects.requireNonNull(opened);
    }

    private BaseStorage open() {
        return BaseStorage.open(new StorageSettings(url, null, null), PATIENCE);
    }

    private BaseStorage.BaseRow row(long seq, String id, String content) {
        return new BaseStorage.BaseRow(base, new Row(seq, id, content));
    }
}
