package org.bucketkeeper.fencing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.internal.text.ShownText;
import org.jspecify.annotations.Nullable;

/**
 * Makes a database refuse the writes of a bucket's former owner, even of one that was paused at the worst moment and
 * still believes in its guard. A guard looks at the clock, and time passes between that look and the write; a row in
 * the same transaction as the write cannot be overtaken.
 *
 * <p>The database holds one small table with a row for each bucket: the newest token it has seen. {@link #check} raises
 * it in <em>your</em> transaction, or refuses. The row stays locked until you commit or roll back, so transactions that
 * write one bucket follow one another, and once a token has been committed, no transaction with an older one commits.
 *
 * <pre>{@code
 * JdbcFence fence = JdbcFence.inDefaultTable();
 * connection.setAutoCommit(false);
 * try {
 *     fence.check(connection, bucket, fencingToken); // first, so that what you read next is the newest
 *     appendRow(connection, row);
 *     connection.commit();
 * } catch (SQLException | RuntimeException e) {
 *     connection.rollback();
 *     throw e;
 * }
 * }</pre>
 *
 * <h2>The table</h2>
 *
 * {@link #createIfAbsent} makes it. Where an administrator has to, {@link #statements} are what to run, for the default
 * name:
 *
 * <pre>{@code
 * CREATE TABLE bucketkeeper_fence (
 *     bucket SMALLINT NOT NULL PRIMARY KEY, token BIGINT NOT NULL, checks BIGINT NOT NULL);
 * INSERT INTO bucketkeeper_fence (bucket, token, checks) VALUES (0, 0, 0), (1, 0, 0), ... (255, 0, 0);
 * }</pre>
 *
 * The account then needs SELECT and UPDATE on it and nothing else. The table must stand in the database that holds the
 * data, in an engine with transactions (on MariaDB and MySQL: InnoDB). Clusters that share a database take a table each:
 * their tokens are not comparable.
 *
 * <h2>Isolation levels</h2>
 *
 * The promise holds at READ COMMITTED and above; what differs is how a transaction that came second is turned away:
 *
 * <ul>
 *   <li>PostgreSQL and H2, READ COMMITTED: the check waits for the other transaction, looks again, and passes or throws
 *       {@link StaleTokenException}.
 *   <li>PostgreSQL and H2, REPEATABLE READ and SERIALIZABLE: where the row was changed after the transaction's snapshot
 *       was taken, the check fails with a serialization failure (an {@link SQLException}; SQLState 40001 on
 *       PostgreSQL). Roll back and run the whole transaction again, with the same token; if it is stale by then, the
 *       check says so. An owner's own concurrent writers to one bucket meet this too: READ COMMITTED suits them better.
 *   <li>MariaDB and MySQL (InnoDB): the UPDATE reads the newest committed row at every level, so it waits and then
 *       passes or throws {@link StaleTokenException}; MariaDB with {@code innodb_snapshot_isolation} (on by default
 *       from 11.6) instead fails with error 1020 where the snapshot is older. At SERIALIZABLE, whoever reads the row
 *       first keeps every other owner waiting. MySQL is not covered by this library's tests.
 *   <li>SQLite: one transaction writes at a time, whatever the bucket. A second one waits for as long as {@code
 *       busy_timeout} allows, then fails as busy; one that has read before it checks fails so at once if anything was
 *       written since. Roll back and run it again. Use write-ahead logging, or readers wait as well. The driver's
 *       {@code transaction_mode=IMMEDIATE} is no help: with every commit it begins, and locks, the next transaction.
 * </ul>
 *
 * <h2>What is not promised</h2>
 *
 * <ul>
 *   <li>Nothing about writes outside the transaction, or in one that makes no check: every writer has to check.
 *   <li>Nothing at READ UNCOMMITTED, and nothing after a rollback to a savepoint set before the check: it undoes the
 *       check and frees the row.
 *   <li>A token that passed need not belong to the present owner: one that was claimed but has not written yet is
 *       unknown here. It is order that is kept, not ownership.
 *   <li>Where the coordination store is set up anew and its tokens begin again below those seen here, every check is
 *       refused, until an administrator, with no server running, sets {@code token} back to 0.
 * </ul>
 *
 * <p>Immutable and thread-safe; the connections are the caller's, used by one thread at a time and never committed,
 * rolled back or closed here.
 */
public final class JdbcFence {

    /** The table's name where the caller chooses none. */
    public static final String DEFAULT_TABLE = "bucketkeeper_fence";

    /** The longest that PostgreSQL keeps whole; nothing that would need quotes anywhere. */
    private static final Pattern TABLE_NAME =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_]{0,62}");

    private static final int SET_UP_TRIES = 10;

    private final String table;

    private JdbcFence(String table) {
        this.table = table;
    }

    /** Returns the fence in the table {@value #DEFAULT_TABLE}. Touches no database. */
    public static JdbcFence inDefaultTable() {
        return new JdbcFence(DEFAULT_TABLE);
    }

    /**
     * Returns the fence in a table of the caller's choice. Touches no database.
     *
     * @param table a name of ASCII letters, digits and underscores that does not begin with a digit and has at most 63
     *     characters, after a schema's name of the same kind and a dot if wanted; it is not quoted, so the database
     *     folds its case
     * @throws IllegalArgumentException if it is anything else; the message shows the value
     */
    public static JdbcFence inTable(String table) {
        if (!TABLE_NAME.matcher(table).matches()) {
            throw new IllegalArgumentException("fence table must be a name of up to 63 letters, digits and underscores,"
                    + " with a schema and a dot before it if wanted, but is " + ShownText.quoted(table));
        }
        return new JdbcFence(table);
    }

    /** Returns the table's name, with its schema if one was given. */
    public String table() {
        return table;
    }

    /**
     * Returns the two statements that set the table up where there is none: for an administrator, or a migration tool.
     *
     * @return a CREATE TABLE and an INSERT of {@value Bucket#COUNT} rows, without semicolons, to be run in this order
     */
    public List<String> statements() {
        return List.of("CREATE TABLE " + definition(), insertOf(BucketSet.ALL));
    }

    /**
     * Sets the table up unless it is there: safe to call at every start, and by several processes at the same time.
     * Rows that are there keep their tokens. Blocks for a handful of statements; one if there is nothing to do.
     *
     * <p>Made for PostgreSQL, MariaDB, MySQL, H2 and SQLite; elsewhere use {@link #statements}.
     *
     * @param connection in auto-commit mode, because some databases commit what is open when they create a table; the
     *     account needs the right to create one only if it is not there
     * @throws IllegalStateException if the connection is not in auto-commit mode
     * @throws SQLException if the database refuses; nothing is lost by another try
     */
    public void createIfAbsent(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new IllegalStateException("the fence table " + table + " must be created on a connection in"
                    + " auto-commit mode: creating a table could commit what the transaction holds");
        }
        BucketSet missing = missingOrNone(connection);
        // Another process may be at it: whatever is in the way, only what is there afterwards counts.
        for (int attempt = 1; !missing.isEmpty(); attempt++) {
            SQLException failure = setUp(connection, missing);
            missing = failure == null ? BucketSet.ALL.minus(present(connection)) : missingAfter(connection, failure);
            if (!missing.isEmpty() && attempt == SET_UP_TRIES) {
                throw new SQLException(
                        "the fence table " + table + " has no rows for the buckets " + missing + " after "
                                + SET_UP_TRIES + " tries to insert them",
                        failure);
            }
        }
    }

    /**
     * Lets the transaction that is open on {@code connection} write {@code bucket}, and with its commit shuts out every
     * older token for good. Make it the transaction's first statement, and roll back whatever it throws.
     *
     * <p>Blocks while another transaction that has checked this bucket is open, as long as the database's own lock
     * timeout allows (none by default on PostgreSQL: see {@code lock_timeout}). One UPDATE by primary key; a SELECT more
     * when it refuses. A transaction that writes several buckets checks each, in ascending order, or it may deadlock
     * with another.
     *
     * @param connection not in auto-commit mode, at READ COMMITTED or above
     * @param bucket the bucket that the transaction writes
     * @param token the fencing token of the guard that the write is made under; at least 1
     * @throws StaleTokenException if the table holds a newer token: this process no longer owns the bucket
     * @throws IllegalArgumentException if {@code token} is less than 1
     * @throws IllegalStateException if the connection is in auto-commit mode, where the row would be free again before
     *     the write
     * @throws SQLException if the table or the bucket's row is missing, which the message says, or the database
     *     refuses: see above for serialization failures
     */
    public void check(Connection connection, Bucket bucket, long token) throws SQLException {
        if (token < 1) {
            throw new IllegalArgumentException("a fencing token must be at least 1, but is " + token);
        }
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("the fencing token must be checked in the transaction that writes, but the"
                    + " connection is in auto-commit mode: call setAutoCommit(false) first");
        }
        try {
            int rows = raise(connection, bucket, token);
            if (rows == 0) {
                throw refusal(connection, bucket, token);
            }
            if (rows > 1) {
                throw new SQLException("the fence table " + table + " has " + rows + " rows for bucket " + bucket
                        + ": its primary key is missing");
            }
        } catch (SQLException e) {
            throw isMissingTable(e) ? missingTable(e) : e;
        }
    }

    /** The count of checks changes the row each time: some drivers count the rows changed, some those found. */
    private int raise(Connection connection, Bucket bucket, long token) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE " + table + " SET token = ?, checks = checks + 1 WHERE bucket = ? AND token <= ?")) {
            update.setLong(1, token);
            update.setInt(2, bucket.index());
            update.setLong(3, token);
            return update.executeUpdate();
        }
    }

    /** Only words depend on what is read here: the transaction's snapshot may be older than what the UPDATE saw. */
    private StaleTokenException refusal(Connection connection, Bucket bucket, long token) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT token FROM " + table + " WHERE bucket = ?")) {
            select.setInt(1, bucket.index());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the fence table " + table + " has no row for bucket " + bucket
                            + ": set it up with JdbcFence.createIfAbsent");
                }
                long seen = row.getLong(1);
                return new StaleTokenException(bucket, token, seen > token ? seen : 0);
            }
        }
    }

    private SQLException missingTable(SQLException cause) {
        return new SQLException(
                "there is no fence table " + table + ": set it up with JdbcFence.createIfAbsent, or with the"
                        + " statements of JdbcFence.statements",
                cause.getSQLState(),
                cause.getErrorCode(),
                cause);
    }

    private static boolean isMissingTable(SQLException e) {
        String state = e.getSQLState();
        if (state == null) {
            // SQLite has no states, and one error code for everything that is wrong with a statement.
            return String.valueOf(e.getMessage()).contains("no such table");
        }
        // PostgreSQL; then MariaDB, MySQL and H2, which has three of them.
        return state.matches("42P01|42S0[234]");
    }

    /** Returns what went wrong, or null. */
    private @Nullable SQLException setUp(Connection connection, BucketSet missing) {
        try {
            if (missing.equals(BucketSet.ALL)) {
                execute(connection, "CREATE TABLE IF NOT EXISTS " + definition());
            }
            execute(connection, insertOf(missing));
            return null;
        } catch (SQLException e) {
            return e;
        }
    }

    private BucketSet missingOrNone(Connection connection) {
        try {
            return BucketSet.ALL.minus(present(connection));
        } catch (SQLException noTable) {
            // If it is anything else, creating the table fails as well, and says why.
            return BucketSet.ALL;
        }
    }

    private BucketSet missingAfter(Connection connection, SQLException failure) throws SQLException {
        try {
            return BucketSet.ALL.minus(present(connection));
        } catch (SQLException stillNoTable) {
            failure.addSuppressed(stillNoTable);
            throw failure;
        }
    }

    private BucketSet present(Connection connection) throws SQLException {
        BucketSet present = BucketSet.EMPTY;
        try (PreparedStatement select = connection.prepareStatement("SELECT bucket FROM " + table);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                present = present.with(Bucket.of(rows.getInt(1)));
            }
        }
        return present;
    }

    private String definition() {
        return table + " (bucket SMALLINT NOT NULL PRIMARY KEY, token BIGINT NOT NULL, checks BIGINT NOT NULL)";
    }

    /** In ascending order, so that two processes that insert do not deadlock. */
    private String insertOf(BucketSet buckets) {
        return IntStream.range(0, Bucket.COUNT)
                .mapToObj(Bucket::of)
                .filter(buckets::contains)
                .map(bucket -> "(" + bucket.index() + ", 0, 0)")
                .collect(Collectors.joining(", ", "INSERT INTO " + table + " (bucket, token, checks) VALUES ", ""));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.executeUpdate();
        }
    }
}
