package org.bucketkeeper.fencing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.bucketkeeper.testing.MariadbServer;

final class JdbcFenceOnMariadbTest extends JdbcFenceConformance {

    /** What MariaDB says where the row was changed after the snapshot, if it looks at snapshots. */
    private static final int RECORD_HAS_CHANGED = 1020;

    @Override
    FencedDatabase open() {
        MariadbServer server = MariadbServer.launch();
        return new FencedDatabase() {
            @Override
            public Connection connect() throws SQLException {
                return DriverManager.getConnection(server.jdbcUrl());
            }

            @Override
            public List<Integer> snapshotIsolations() {
                // SERIALIZABLE locks what it reads, so that nobody else gets to write it.
                return List.of(Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ);
            }

            @Override
            public boolean asksForAnotherTry(SQLException failure) {
                return failure.getErrorCode() == RECORD_HAS_CHANGED;
            }

            @Override
            public long waiting() throws SQLException {
                // INNODB_TRX shows old news to whoever asks more than ten times a second.
                return number("SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
                        + " WHERE VARIABLE_NAME = 'INNODB_ROW_LOCK_CURRENT_WAITS'");
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
