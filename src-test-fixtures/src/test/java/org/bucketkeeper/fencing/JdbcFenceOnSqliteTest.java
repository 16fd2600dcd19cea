package org.bucketkeeper.fencing;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

final class JdbcFenceOnSqliteTest extends JdbcFenceConformance {

    private static final int BUSY = 5;
    private static final int PRIMARY_CODE = 0xff;

    @TempDir
    private static Path folder;

    @Override
    FencedDatabase open() {
        String url = "jdbc:sqlite:" + folder.resolve("fence.db") + "?journal_mode=WAL&busy_timeout=30000";
        return new FencedDatabase() {
            @Override
            public Connection connect() throws SQLException {
                return DriverManager.getConnection(url);
            }

            @Override
            public List<Integer> snapshotIsolations() {
                // The driver has this one for all of them.
                return List.of(Connection.TRANSACTION_SERIALIZABLE);
            }

            @Override
            public boolean asksForAnotherTry(SQLException failure) {
                return (failure.getErrorCode() & PRIMARY_CODE) == BUSY;
            }

            @Override
            public boolean locksRows() {
                return false;
            }

            /** Nothing but the stacks tells: whoever waits polls in the driver's native code. */
            @Override
            public long waiting() {
                return Thread.getAllStackTraces().values().stream()
                        .filter(stack -> Arrays.stream(stack)
                                .anyMatch(frame -> frame.getMethodName().equals("raise")
                                        && frame.getClassName().equals(JdbcFence.class.getName())))
                        .count();
            }

            @Override
            public void close() {
                // The folder goes with the test.
            }
        };
    }
}
