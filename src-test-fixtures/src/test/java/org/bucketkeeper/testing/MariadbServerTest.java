package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

final class MariadbServerTest {

    @Test
    void aKilledServerComesBackWithWhatItCommitted() throws SQLException {
        try (MariadbServer mariadb = MariadbServer.launchControllable()) {
            try (Connection connection = DriverManager.getConnection(mariadb.jdbcUrl());
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kept (n INTEGER)");
                statement.execute("INSERT INTO kept VALUES (7)");
            }
            mariadb.kill();
            boolean answeredWhileDown = mariadb.isHealthy();
            mariadb.start();

            assertThat(answeredWhileDown).isFalse();
            try (Connection connection = DriverManager.getConnection(mariadb.jdbcUrl());
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT n FROM kept")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getInt(1)).isEqualTo(7);
            }
        }
    }

    @Test
    void aStoppedServerAnswersNothing() {
        try (MariadbServer mariadb = MariadbServer.launchControllable()) {
            mariadb.stop();

            assertThat(mariadb.isHealthy()).isFalse();
        }
    }
}
