package org.bucketkeeper.examples.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.config.Secret;
import org.bucketkeeper.examples.program.ProgramException;
import org.bucketkeeper.fencing.JdbcFence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the rows of all bases in one SQL table. Whatever is written or loaded under a fencing token goes through
 * {@link JdbcFence} first, in the same transaction: a former owner stores nothing, and what it had begun to store is
 * either there when its successor loads the base, or never.
 *
 * <p>Thread-safe. All methods block, each for a bounded time.
 */
final class BaseStorage implements AutoCloseable {

    /** The token of whoever serves without a cluster: nothing is checked. */
    static final long NO_TOKEN = 0;

    private static final Logger LOG = LoggerFactory.getLogger(BaseStorage.class);
    private static final int IDLE_TRANSACTION_SECONDS = 10;
    private static final int BUSY_MILLIS = 20_000;
    private static final int SET_UP_TRIES = 10;
    private static final long PAUSE_MILLIS = 1_000;

    private final StorageSettings settings;
    private final JdbcFence fence = JdbcFence.inDefaultTable();
    private final HikariDataSource pool;

    private BaseStorage(StorageSettings settings) {
        this.settings = settings;
        this.pool = new HikariDataSource(poolOf(settings));
    }

    /**
     * A row and the base that it belongs to.
     *
     * @param base 32 hex digits
     */
    record BaseRow(String base, Row row) {}

    /**
     * Returns a storage whose tables are there; creates them if need be.
     *
     * @param patience how long to go on trying while the database cannot be reached
     * @throws ProgramException if it cannot be reached, or refuses
     */
    static BaseStorage open(StorageSettings settings, Duration patience) {
        BaseStorage storage = new BaseStorage(settings);
        try {
            storage.awaitTables(patience);
            return storage;
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    private static HikariConfig poolOf(StorageSettings settings) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("bases");
        pool.setJdbcUrl(settings.url());
        pool.setUsername(settings.user());
        Secret password = settings.password();
        pool.setPassword(password == null ? null : password.reveal());
        pool.setConnectionTimeout(10_000);
        pool.setInitializationFailTimeout(-1);
        pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        Properties driver = pool.getDataSourceProperties();
        if (settings.isSqlite()) {
            makeFolder(settings);
            // One writes at a time: let them queue here, not in SQLite's polling. Transactions begin as writers because
            // their first statement writes; the driver's IMMEDIATE would lock the next one with every commit.
            pool.setMaximumPoolSize(1);
            driver.setProperty("journal_mode", "WAL");
            driver.setProperty("synchronous", "FULL");
            driver.setProperty("busy_timeout", Integer.toString(BUSY_MILLIS));
        } else if (settings.isMariadb()) {
            driver.setProperty("connectTimeout", "5000");
            // A process that sleeps in the middle of a transaction must not keep the next owner waiting.
            // MySQL has no such setting, and takes the second half for a comment.
            pool.setConnectionInitSql("SET @bucketkeeper = 1 /*M!100300 , SESSION idle_write_transaction_timeout = "
                    + IDLE_TRANSACTION_SECONDS + " */");
            if (!settings.url().contains("sslMode")) {
                // The driver's default refuses a server without TLS, which is how operators run theirs on an intranet.
                driver.setProperty("sslMode", "disable");
            }
            driver.setProperty("socketTimeout", "30000");
        } else {
            pool.setConnectionInitSql("SET idle_in_transaction_session_timeout='" + IDLE_TRANSACTION_SECONDS + "s'");
            driver.setProperty("connectTimeout", "5");
            driver.setProperty("socketTimeout", "30");
            driver.setProperty("tcpKeepAlive", "true");
        }
        return pool;
    }

    private static void makeFolder(StorageSettings settings) {
        Path folder = Path.of(settings.toString().substring("jdbc:sqlite:".length()))
                .toAbsolutePath()
                .getParent();
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new ProgramException("cannot make the folder " + folder + " for the bases: " + e.getMessage(), e);
        }
    }

    private void awaitTables(Duration patience) {
        long start = System.nanoTime();
        while (true) {
            try (Connection connection = pool.getConnection()) {
                createTables(connection);
                return;
            } catch (SQLException e) {
                String reason = reason(e);
                if (System.nanoTime() - start >= patience.toNanos()) {
                    throw new ProgramException("cannot use the storage " + settings + ": " + reason, e);
                }
                LOG.warn("Cannot use the storage {} yet, trying again: {}", settings, reason);
                pause();
            }
        }
    }

    /** The pool's own words tell only that it waited. */
    private static String reason(SQLException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == e ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + cause.getMessage();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramException("interrupted while waiting for the storage", e);
        }
    }

    private void createTables(Connection connection) throws SQLException {
        fence.createIfAbsent(connection);
        String definition = settings.isMariadb()
                ? "row_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, content LONGTEXT NOT NULL"
                : "row_id VARCHAR(64) NOT NULL, content TEXT NOT NULL";
        for (int attempt = 1; ; attempt++) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE IF NOT EXISTS bucketkeeper_rows (base CHAR(32) NOT NULL,"
                        + " seq BIGINT NOT NULL, " + definition + ", PRIMARY KEY (base, seq), UNIQUE (base, row_id))");
                return;
            } catch (SQLException e) {
                // PostgreSQL fails where another process creates it at the same moment.
                if (attempt == SET_UP_TRIES) {
                    throw e;
                }
            }
        }
    }

    /**
     * Returns all rows of a base, in order.
     *
     * @param token the fencing token that the base is loaded under, or {@link #NO_TOKEN}
     * @throws org.bucketkeeper.fencing.StaleTokenException if a newer owner has used the storage
     * @throws StorageException if the storage fails
     */
    List<Row> load(Bucket bucket, long token, String base) {
        return transaction(bucket, token, connection -> rows(connection, base));
    }

    /**
     * Stores rows: all, or none.
     *
     * @param token the fencing token that they are written under, or {@link #NO_TOKEN}
     * @param permitted asked last before they are final; false: nothing is stored
     * @throws org.bucketkeeper.fencing.StaleTokenException if a newer owner has used the storage
     * @throws StorageException if the storage fails; it tells whether the rows may be there
     * @throws PermitExpiredException if it was not permitted any more
     */
    void append(Bucket bucket, long token, List<BaseRow> rows, BooleanSupplier permitted) {
        transaction(bucket, token, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO bucketkeeper_rows (base, seq, row_id, content) VALUES (?, ?, ?, ?)")) {
                for (BaseRow row : rows) {
                    insert.setString(1, row.base());
                    insert.setLong(2, row.row().seq());
                    insert.setString(3, row.row().id());
                    insert.setString(4, row.row().content());
                    insert.addBatch();
                }
                int[] counts = insert.executeBatch();
                if (!permitted.getAsBoolean()) {
                    throw new PermitExpiredException();
                }
                return counts;
            }
        });
    }

    @Override
    public void close() {
        pool.close();
    }

    @Override
    public String toString() {
        return settings.toString();
    }

    private static List<Row> rows(Connection connection, String base) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT seq, row_id, content FROM bucketkeeper_rows WHERE base = ? ORDER BY seq")) {
            select.setString(1, base);
            List<Row> rows = new ArrayList<>();
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    rows.add(new Row(found.getLong(1), found.getString(2), found.getString(3)));
                }
            }
            return rows;
        }
    }

    private interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T transaction(Bucket bucket, long token, Work<T> work) {
        boolean committing = false;
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                if (token != NO_TOKEN) {
                    fence.check(connection, bucket, token);
                }
                T result = work.run(connection);
                committing = true;
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw committing ? StorageException.outcomeUnknown(e) : StorageException.nothingStored(e);
        }
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
