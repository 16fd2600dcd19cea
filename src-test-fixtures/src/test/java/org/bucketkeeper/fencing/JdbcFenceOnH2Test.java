package org.bucketkeeper.fencing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

final class JdbcFenceOnH2Test extends JdbcFenceConformance {

    @Override
    FencedDatabase open() throws SQLException {
        String url = "jdbc:h2:mem:fence;LOCK_TIMEOUT=30000";
        Connection keepsTheDatabase = DriverManager.getConnection(url);
        return new FencedDatabase() {
            @Override
            public Connection connect() throws SQLException {
                return DriverManager.getConnection(url);
            }

            @Override
            public boolean asksForAnotherTry(SQLException failure) {
                return failure.getSQLState().matches("40001|90131");
            }

            @Override
            public long waiting() throws SQLException {
                return number("SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL");
            }

            @Override
            public void close() {
                try {
                    keepsTheDatabase.close();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }
}
