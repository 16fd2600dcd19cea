package org.bucketkeeper.fencing;

import java.sql.Connection;
import java.sql.SQLException;

/** A real database that the fence is tested on. */
interface FencedDatabase extends AutoCloseable {

    /** A connection of its own, in auto-commit mode. */
    Connection connect() throws SQLException;

    /** Counts the connections that wait for a lock: a query to the database's own views. */
    String waitingQuery();

    @Override
    void close();
}
