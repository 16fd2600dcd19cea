package org.bucketkeeper.examples.server;

import org.bucketkeeper.testing.PostgresqlServer;
import org.jspecify.annotations.Nullable;

final class BaseStorageOnPostgresqlTest extends BaseStorageConformance {

    private @Nullable PostgresqlServer server;

    @Override
    String launch() {
        PostgresqlServer launched = PostgresqlServer.launch();
        server = launched;
        return launched.jdbcUrl();
    }

    @Override
    void end() {
        if (server != null) {
            server.close();
        }
    }
}
