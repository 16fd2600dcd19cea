package org.bucketkeeper.fencing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.bucketkeeper.testing.PostgresqlServer;

final class JdbcFenceOnPostgresqlTest extends JdbcFenceConformance {

    @Override
    FencedDatabase open() {
        PostgresqlServer server = PostgresqlServer.launch();
        return new FencedDatabase() {
            @Override
            public Connection connect() throws SQLException {
                return DriverManager.getConnection(server.jdbcUrl());
            }

            @Override
            public boolean asksForAnotherTry(SQLException failure) {
                return failure.getSQLState().equals("40001");
            }

            @Override
            public long waiting() throws SQLException {
                return number("SELECT COUNT(*) FROM pg_locks WHERE NOT granted");
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
