package org.bucketkeeper.fencing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A real database that the fence is tested on. */
interface FencedDatabase extends AutoCloseable {

    /** A connection of its own, in auto-commit mode. */
    Connection connect() throws SQLException;

    /** The isolation levels at which a transaction that reads keeps nobody from writing. */
    default List<Integer> snapshotIsolations() {
        return List.of(
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_SERIALIZABLE);
    }

    /** Tells whether a failure means that the same transaction may pass at another try. */
    boolean asksForAnotherTry(SQLException failure);

    /** Counts the connections that wait for a lock. */
    long waiting() throws SQLException;

    /** Tells whether a transaction locks no more than the rows that it writes. */
    default boolean locksRows() {
        return true;
    }

    /** Returns the one number that a query gives. */
    default long number(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    void close();
}
