package org.bucketkeeper.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.NotOwner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class BucketBasesTest {

    private static final String BASE = "3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c";
    private static final String OTHER = "3f000000000000000000000000000000";
    private static final Bucket BUCKET = Bucket.of(BASE);
    private static final NotOwner ELSEWHERE = new NotOwner(BUCKET, null, 17);

    @TempDir
    private Path folder;

    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private StorageSettings settings = StorageSettings.file(Path.of("unused"));
    private @Nullable BaseStorage opened;

    @BeforeEach
    void openStorage() {
        settings = StorageSettings.file(folder);
        opened = BaseStorage.open(settings, Duration.ofSeconds(10));
    }

    @AfterEach
    void closeStorage() {
        workers.shutdownNow();
        storage().close();
    }

    @Test
    void whatWaitsIsStoredInOneTransaction() throws Exception {
        BucketBases bases = bases(5);
        join(bases.open(BASE));
        List<CompletionStage<List<SavedRow>>> appends = new ArrayList<>();

        try (Connection blocker = connect();
                Statement statement = blocker.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            for (int i = 1; i <= 50; i++) {
                appends.add(bases.append(i % 2 == 0 ? BASE : OTHER, rows("r" + i), () -> true));
            }
            statement.execute("ROLLBACK");
        }
        for (CompletionStage<List<SavedRow>> append : appends) {
            join(append);
        }

        // The fence counts its checks: two bases loaded, the append that went ahead, and all the others.
        assertThat(number("SELECT checks FROM bucketkeeper_fence WHERE bucket = " + BUCKET.index()))
                .isBetween(3L, 4L);
        assertThat(number("SELECT COUNT(*) FROM bucketkeeper_rows")).isEqualTo(50);
        assertThat(join(bases.open(BASE)).page(0, 100).rows())
                .extracting(Row::id)
                .startsWith("r2", "r4", "r6")
                .hasSize(25);
    }

    @Test
    void nothingIsInMemoryBeforeItIsStored() throws Exception {
        BucketBases bases = bases(5);
        Base base = join(bases.open(BASE));
        WatchLog watcher = new WatchLog();
        base.watch(watcher, 0);
        CompletionStage<List<SavedRow>> append;

        try (Connection blocker = connect();
                Statement statement = blocker.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            append = bases.append(BASE, rows("a"), () -> true);

            assertThat(append).isNotDone();
            assertThat(base.count()).isZero();
            statement.execute("ROLLBACK");
        }

        assertThat(join(append)).containsExactly(new SavedRow("a", 1));
        assertThat(watcher.seen).containsExactly("opened 0 []", "stored [a]");
    }

    @Test
    void afterAFailureTheBaseIsLoadedAnew() throws Exception {
        BucketBases bases = bases(5);
        WatchLog watcher = new WatchLog();
        join(bases.append(BASE, rows("a"), () -> true));
        join(bases.open(BASE)).watch(watcher, 0);
        execute("INSERT INTO bucketkeeper_rows (base, seq, row_id, content) VALUES ('" + BASE + "', 2, 'x', '{}')");

        CompletionStage<List<SavedRow>> failed = bases.append(BASE, rows("b"), () -> true);

        assertThat(failureOf(failed))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        failure -> assertThat(failure.isOutcomeKnown()).isTrue());
        assertThat(watcher.seen).containsExactly("opened 1 [a]", "StorageFailed[]");
        assertThat(join(bases.append(BASE, rows("b", "x"), () -> true)))
                .containsExactly(new SavedRow("b", 3), new SavedRow("x", 2));
    }

    @Test
    void aFormerOwnerIsRefusedByTheStorageAndStoresNothing() throws Exception {
        BucketBases bases = bases(5);
        WatchLog watcher = new WatchLog();
        join(bases.open(BASE)).watch(watcher, 0);
        storage().load(BUCKET, 6, BASE);

        Throwable first = failureOf(bases.append(BASE, rows("a"), () -> true));
        Throwable second = failureOf(bases.open(BASE));

        assertThat(first)
                .isInstanceOfSatisfying(
                        DepartedException.class,
                        departed -> assertThat(departed.departure()).isEqualTo(new Departure.Moved(ELSEWHERE)));
        assertThat(second).isInstanceOf(DepartedException.class);
        assertThat(watcher.seen).hasSize(2).last().asString().startsWith("Moved");
        assertThat(number("SELECT COUNT(*) FROM bucketkeeper_rows")).isZero();
    }

    @Test
    void whoeverComesAfterTheDepartureIsToldWhy() {
        BucketBases bases = bases(5);
        Base base = join(bases.open(BASE));
        bases.depart(new Departure.Moved(ELSEWHERE));
        WatchLog watcher = new WatchLog();

        base.watch(watcher, 0);

        assertThat(watcher.seen).singleElement().asString().startsWith("Moved");
        assertThat(failureOf(bases.append(BASE, rows("a"), () -> true))).isInstanceOf(DepartedException.class);
    }

    @Test
    void whatNobodyUsesIsUnloadedUnlessSomebodyWatches() {
        BucketBases bases = bases(5);
        join(bases.append(BASE, rows("a"), () -> true));
        join(bases.append(OTHER, rows("a"), () -> true));
        join(bases.open(BASE)).watch(new WatchLog(), 0);

        while (bases.loaded().size() > 1) {
            bases.unloadIdle(Duration.ZERO);
        }

        assertThat(bases.loaded()).extracting(Base::uuid).containsExactly(BASE);
        assertThat(join(bases.open(OTHER)).count()).isEqualTo(1);
    }

    @Test
    void aBaseThatLacksARowIsNotServed() throws Exception {
        execute("INSERT INTO bucketkeeper_rows (base, seq, row_id, content) VALUES ('" + BASE + "', 2, 'x', '{}')");

        assertThat(failureOf(bases(5).open(BASE))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsNotPermittedAnyMoreWhenItsTurnComesIsNotStored() throws Exception {
        BucketBases bases = bases(5);
        AtomicBoolean permitted = new AtomicBoolean(true);
        CompletionStage<List<SavedRow>> append;

        try (Connection blocker = connect();
                Statement statement = blocker.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            append = bases.append(BASE, rows("a"), permitted::get);
            permitted.set(false);
            statement.execute("ROLLBACK");
        }

        assertThat(failureOf(append)).isInstanceOf(DepartedException.class);
        assertThat(number("SELECT COUNT(*) FROM bucketkeeper_rows")).isZero();
    }

    @Test
    void aBaseThatCannotBeLoadedFailsAlone() throws Exception {
        execute("INSERT INTO bucketkeeper_rows (base, seq, row_id, content) VALUES ('" + OTHER + "', 2, 'x', '{}')");
        BucketBases bases = bases(5);
        CompletionStage<Base> bad;
        CompletionStage<List<SavedRow>> good;

        try (Connection blocker = connect();
                Statement statement = blocker.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            bad = bases.open(OTHER);
            good = bases.append(BASE, rows("a"), () -> true);
            statement.execute("ROLLBACK");
        }

        assertThat(failureOf(bad)).isInstanceOf(IllegalStateException.class);
        assertThat(join(good)).containsExactly(new SavedRow("a", 1));
    }

    @Test
    void afterADepartureNobodyBeginsAnewUnderTheSameToken() {
        Bases all = new Bases(storage(), workers, bucket -> ELSEWHERE);
        join(all.append(new FixedPermit(6), BASE, rows("a")));

        all.depart(BUCKET, 6);

        assertThat(failureOf(all.append(new FixedPermit(6), BASE, rows("b")))).isInstanceOf(DepartedException.class);
        assertThat(join(all.open(new FixedPermit(7), BASE)).count()).isEqualTo(1);
    }

    @Test
    void aPermitOfAnEarlierTenureIsRefused() {
        Bases all = new Bases(storage(), workers, bucket -> ELSEWHERE);
        join(all.append(new FixedPermit(6), BASE, rows("a")));

        assertThat(failureOf(all.append(new FixedPermit(5), BASE, rows("b")))).isInstanceOf(DepartedException.class);
        assertThat(join(all.open(new FixedPermit(7), BASE)).count()).isEqualTo(1);
    }

    private record FixedPermit(long fencingToken) implements BaseAccess.Permit {

        @Override
        public Bucket bucket() {
            return BUCKET;
        }

        @Override
        public boolean isValid() {
            return true;
        }

        @Override
        public void close() {
            // Nobody waits for it.
        }
    }

    /** Keeps what it is told, as text. */
    private static final class WatchLog implements Base.Watcher {

        private final List<String> seen = new ArrayList<>();

        @Override
        public void opened(long count, List<Row> later) {
            seen.add("opened " + count + " " + later.stream().map(Row::id).toList());
        }

        @Override
        public void stored(List<Row> more) {
            seen.add("stored " + more.stream().map(Row::id).toList());
        }

        @Override
        public void departed(Departure reason) {
            seen.add(reason.toString());
        }
    }

    private BaseStorage storage() {
        return Objects.requireNonNull(opened);
    }

    private BucketBases bases(long token) {
        return new BucketBases(BUCKET, token, storage(), workers, () -> ELSEWHERE);
    }

    private static List<NewRow> rows(String... ids) {
        return Arrays.stream(ids).map(id -> new NewRow(id, "{}")).toList();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static Throwable failureOf(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS);
        Throwable[] cause = new Throwable[1];
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(future::join)
                .satisfies(failure -> cause[0] = failure.getCause());
        return cause[0];
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(settings.url());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
