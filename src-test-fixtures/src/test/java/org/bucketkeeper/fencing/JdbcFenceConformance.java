package org.bucketkeeper.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.bucketkeeper.bucket.Bucket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fence promises on every database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
abstract class JdbcFenceConformance {

    private static final AtomicInteger TABLES = new AtomicInteger();
    private static final Bucket BUCKET = Bucket.of(0x3f);
    private static final Bucket OTHER = Bucket.of(0x40);

    private FencedDatabase database;
    private JdbcFence fence;
    private String data;
    private final List<Connection> connections = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    abstract FencedDatabase open() throws SQLException;

    final List<Integer> snapshotIsolations() {
        return database.snapshotIsolations();
    }

    @BeforeAll
    final void openDatabase() throws SQLException {
        database = open();
    }

    @AfterAll
    final void closeDatabase() {
        threads.shutdownNow();
        database.close();
    }

    @BeforeEach
    final void createTables() throws SQLException {
        String suffix = "_" + ProcessHandle.current().pid() + "_" + TABLES.incrementAndGet();
        fence = JdbcFence.inTable("fence" + suffix);
        data = "data" + suffix;
        try (Connection connection = database.connect()) {
            fence.createIfAbsent(connection);
            execute(connection, "CREATE TABLE " + data + " (bucket INTEGER, token BIGINT, place BIGINT)");
            execute(connection, "CREATE TABLE places" + data + " (bucket INTEGER PRIMARY KEY, place BIGINT)");
            execute(
                    connection,
                    "INSERT INTO places" + data + " VALUES (" + BUCKET.index() + ", 0), (" + OTHER.index() + ", 0)");
        }
    }

    @AfterEach
    final void dropTables() throws SQLException {
        for (Connection connection : connections) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            connection.close();
        }
        connections.clear();
        try (Connection connection = database.connect()) {
            for (String table : List.of(fence.table(), data, "places" + data)) {
                execute(connection, "DROP TABLE IF EXISTS " + table);
            }
        }
    }

    @Test
    void aFirstTokenPasses() throws SQLException {
        Connection owner = transaction();

        fence.check(owner, BUCKET, 1);
        owner.commit();

        assertThat(tokenOf(BUCKET)).isEqualTo(1);
    }

    @Test
    void aNewerTokenPassesAndRaisesTheBucketsRowAlone() throws SQLException {
        commitCheck(BUCKET, 5);

        commitCheck(BUCKET, Long.MAX_VALUE);

        assertThat(tokenOf(BUCKET)).isEqualTo(Long.MAX_VALUE);
        assertThat(tokenOf(OTHER)).isZero();
    }

    @Test
    void theSameTokenPassesAgainAndAgain() throws SQLException {
        Connection owner = transaction();

        fence.check(owner, BUCKET, 5);
        fence.check(owner, BUCKET, 5);
        owner.commit();
        fence.check(owner, BUCKET, 5);
        owner.commit();

        assertThat(tokenOf(BUCKET)).isEqualTo(5);
    }

    @Test
    void anOlderTokenIsRefusedAndChangesNothing() throws SQLException {
        commitCheck(BUCKET, 6);
        Connection former = transaction();

        assertThatExceptionOfType(StaleTokenException.class)
                .isThrownBy(() -> fence.check(former, BUCKET, 5))
                .withMessageContaining("3f")
                .withMessageContaining("5")
                .withMessageContaining("6")
                .satisfies(stale -> {
                    assertThat(stale.bucket()).isSameAs(BUCKET);
                    assertThat(stale.token()).isEqualTo(5);
                    assertThat(stale.newerToken()).isEqualTo(6);
                });
        former.commit();
        assertThat(tokenOf(BUCKET)).isEqualTo(6);
    }

    @Test
    void aRollbackUndoesTheRaise() throws SQLException {
        commitCheck(BUCKET, 5);
        Connection owner = transaction();
        fence.check(owner, BUCKET, 6);

        owner.rollback();

        assertThat(tokenOf(BUCKET)).isEqualTo(5);
        assertThatCode(() -> commitCheck(BUCKET, 5)).doesNotThrowAnyException();
    }

    @Test
    void theCheckLeavesTheCommitToTheCaller() throws SQLException {
        Connection owner = transaction();

        fence.check(owner, BUCKET, 5);
        execute(owner, "INSERT INTO " + data + " VALUES (1, 5, 1)");
        long seenByOthers = tokenOf(BUCKET);
        owner.rollback();

        assertThat(seenByOthers).isZero();
        assertThat(number("SELECT COUNT(*) FROM " + data)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_SERIALIZABLE
            })
    void aNewOwnerWaitsForTheFormerOwnersOpenTransaction(int isolation) throws Exception {
        Connection former = transaction(isolation);
        Connection owner = transaction(isolation);
        fence.check(former, BUCKET, 5);
        Future<Boolean> second = threads.submit(() -> passes(owner, 6));

        awaitSomebodyWaiting(second);
        boolean wentAhead = second.isDone();
        former.commit();
        second.get();

        assertThat(wentAhead).isFalse();
        owner.rollback();
        // Where the isolation level asks for another try, that one passes.
        fence.check(owner, BUCKET, 6);
        owner.commit();
        assertThat(tokenOf(BUCKET)).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_SERIALIZABLE
            })
    void aFormerOwnerWhoWaitedForTheNewOwnersCommitIsRefused(int isolation) throws Exception {
        Connection former = transaction(isolation);
        Connection owner = transaction(isolation);
        number(former, "SELECT COUNT(*) FROM " + data);
        fence.check(owner, BUCKET, 6);
        Future<Boolean> second = threads.submit(() -> passes(former, 5));

        // Where the snapshot rules the former owner out, there is nothing to wait for.
        awaitSomebodyWaiting(second);
        owner.commit();

        assertThat(second.get()).isFalse();
        former.rollback();
        assertThatThrownBy(() -> fence.check(former, BUCKET, 5)).isInstanceOf(StaleTokenException.class);
    }

    @ParameterizedTest
    @MethodSource("snapshotIsolations")
    void aSnapshotFromBeforeTheNewOwnersCommitLetsNoFormerOwnerPass(int isolation) throws SQLException {
        Connection former = transaction(isolation);
        number(former, "SELECT token FROM " + fence.table() + " WHERE bucket = " + BUCKET.index());

        commitCheck(BUCKET, 6);

        assertThat(passes(former, 5)).isFalse();
    }

    @Test
    void ownersOfDifferentBucketsDoNotWaitForEachOther() throws SQLException {
        assumeTrue(database.locksRows(), "the whole database is locked by whoever writes");
        Connection one = transaction();
        Connection another = transaction();

        fence.check(one, BUCKET, 5);
        fence.check(another, OTHER, 4);
        another.commit();
        one.commit();

        assertThat(tokenOf(OTHER)).isEqualTo(4);
    }

    /** Every writer numbers its commit in a row of the test's own, which is locked whatever the fence does. */
    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ})
    void inTheOrderOfCommitsNoTokenEverFalls(int isolation) throws Exception {
        AtomicLong tokens = new AtomicLong();
        int writers = 6;
        CyclicBarrier start = new CyclicBarrier(writers);
        List<Callable<Integer>> work = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            Connection connection = transaction(isolation);
            Random random = new Random(i);
            work.add(() -> {
                start.await();
                return write(connection, random, tokens);
            });
        }

        int committed = 0;
        for (Future<Integer> done : threads.invokeAll(work)) {
            committed += done.get();
        }

        assertThat(number("SELECT COUNT(*) FROM " + data)).isEqualTo(committed).isPositive();
        for (Bucket bucket : List.of(BUCKET, OTHER)) {
            assertThat(numbers("SELECT token FROM " + data + " WHERE bucket = " + bucket.index() + " ORDER BY place"))
                    .isSorted();
        }
    }

    @Test
    void aConnectionInAutoCommitModeIsRefused() throws SQLException {
        Connection connection = connect();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> fence.check(connection, BUCKET, 5))
                .withMessageContaining("setAutoCommit(false)");
        assertThat(tokenOf(BUCKET)).isZero();
    }

    @Test
    void aTokenBelowOneIsRefused() throws SQLException {
        Connection owner = transaction();

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> fence.check(owner, BUCKET, 0))
                .withMessageContaining("at least 1");
    }

    @Test
    void aMissingTableIsNamed() throws SQLException {
        Connection owner = transaction();
        JdbcFence nowhere = JdbcFence.inTable("no_such_fence");

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> nowhere.check(owner, BUCKET, 5))
                .withMessageContaining("no fence table no_such_fence")
                .withMessageContaining("createIfAbsent");
    }

    @Test
    void aMissingRowIsNamedAndPutBack() throws SQLException {
        commitCheck(OTHER, 5);
        execute(connect(), "DELETE FROM " + fence.table() + " WHERE bucket = " + BUCKET.index());
        Connection owner = transaction();

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> fence.check(owner, BUCKET, 5))
                .withMessageContaining("no row for bucket 3f");
        owner.rollback();
        fence.createIfAbsent(connect());
        fence.check(owner, BUCKET, 5);
        owner.commit();
        assertThat(tokenOf(OTHER)).isEqualTo(5);
    }

    @Test
    void creatingAgainKeepsTheTokens() throws SQLException {
        commitCheck(BUCKET, 5);

        fence.createIfAbsent(connect());

        assertThat(tokenOf(BUCKET)).isEqualTo(5);
    }

    @Test
    void creationInsideATransactionIsRefused() throws SQLException {
        Connection connection = transaction();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> fence.createIfAbsent(connection))
                .withMessageContaining("auto-commit");
    }

    @Test
    void manyProcessesMayCreateItAtTheSameTime() throws Exception {
        int creators = 8;
        for (int round = 0; round < 5; round++) {
            execute(connect(), "DROP TABLE " + fence.table());
            CyclicBarrier start = new CyclicBarrier(creators);
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < creators; i++) {
                Connection connection = connect();
                work.add(() -> {
                    start.await();
                    fence.createIfAbsent(connection);
                    return true;
                });
            }

            for (Future<Boolean> done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }

            assertThat(number("SELECT COUNT(*) FROM " + fence.table())).isEqualTo(Bucket.COUNT);
        }
    }

    @Test
    void anAdministratorsStatementsMakeTheSameTable() throws SQLException {
        Connection connection = connect();
        execute(connection, "DROP TABLE " + fence.table());

        for (String statement : fence.statements()) {
            execute(connection, statement);
        }

        assertThat(number("SELECT COUNT(*) FROM " + fence.table())).isEqualTo(Bucket.COUNT);
        assertThatCode(() -> commitCheck(BUCKET, 1)).doesNotThrowAnyException();
    }

    /** Writes as an owner who is replaced now and then, does not hear of it at once, and claims again when refused. */
    private int write(Connection connection, Random random, AtomicLong tokens) throws SQLException {
        int committed = 0;
        long token = tokens.incrementAndGet();
        for (int i = 0; i < 60; i++) {
            Bucket bucket = random.nextBoolean() ? BUCKET : OTHER;
            try {
                fence.check(connection, bucket, token);
                execute(connection, "UPDATE places" + data + " SET place = place + 1 WHERE bucket = " + bucket.index());
                execute(
                        connection,
                        "INSERT INTO " + data + " SELECT bucket, " + token + ", place FROM places" + data
                                + " WHERE bucket = " + bucket.index());
                connection.commit();
                committed++;
                token = random.nextInt(8) == 0 ? tokens.incrementAndGet() : token;
            } catch (StaleTokenException e) {
                connection.rollback();
                token = tokens.incrementAndGet();
            } catch (SQLException mayBeTriedAgain) {
                connection.rollback();
            }
        }
        return committed;
    }

    private boolean passes(Connection connection, long token) throws SQLException {
        try {
            fence.check(connection, BUCKET, token);
            connection.commit();
            return true;
        } catch (StaleTokenException e) {
            return false;
        } catch (SQLException e) {
            // A serialization failure, and nothing else, may stand in for the refusal: by another try it is stale.
            assertThat(database.asksForAnotherTry(e)).as(e.toString()).isTrue();
            return false;
        }
    }

    private void awaitSomebodyWaiting(Future<?> unlessDone) throws Exception {
        long start = System.nanoTime();
        while (database.waiting() == 0 && !unlessDone.isDone()) {
            assertThat(System.nanoTime() - start)
                    .as("nanoseconds in which no transaction came to wait for another")
                    .isLessThan(TimeUnit.SECONDS.toNanos(20));
            Thread.onSpinWait();
        }
    }

    private void commitCheck(Bucket bucket, long token) throws SQLException {
        Connection connection = transaction();
        fence.check(connection, bucket, token);
        connection.commit();
    }

    private long tokenOf(Bucket bucket) throws SQLException {
        return number("SELECT token FROM " + fence.table() + " WHERE bucket = " + bucket.index());
    }

    private long number(String query) throws SQLException {
        return numbers(query).get(0);
    }

    private List<Long> numbers(String query) throws SQLException {
        try (Connection connection = database.connect()) {
            return numbers(connection, query);
        }
    }

    private static void number(Connection connection, String query) throws SQLException {
        assertThat(numbers(connection, query)).hasSize(1);
    }

    private static List<Long> numbers(Connection connection, String query) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        }
        return numbers;
    }

    private Connection transaction() throws SQLException {
        return transaction(Connection.TRANSACTION_READ_COMMITTED);
    }

    private Connection transaction(int isolation) throws SQLException {
        Connection connection = connect();
        connection.setTransactionIsolation(isolation);
        connection.setAutoCommit(false);
        return connection;
    }

    private Connection connect() throws SQLException {
        Connection connection = database.connect();
        connections.add(connection);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
