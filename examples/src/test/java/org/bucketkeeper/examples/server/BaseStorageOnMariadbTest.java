package org.bucketkeeper.examples.server;

import org.bucketkeeper.testing.MariadbServer;
import org.jspecify.annotations.Nullable;

final class BaseStorageOnMariadbTest extends BaseStorageConformance {

    private @Nullable MariadbServer server;

    @Override
    String launch() {
        MariadbServer launched = MariadbServer.launch();
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
