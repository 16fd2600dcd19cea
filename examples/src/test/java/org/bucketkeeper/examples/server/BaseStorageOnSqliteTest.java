package org.bucketkeeper.examples.server;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class BaseStorageOnSqliteTest extends BaseStorageConformance {

    @TempDir
    private static Path folder;

    @Override
    String launch() {
        return StorageSettings.file(folder).url();
    }

    @Override
    void end() {
        // The folder goes with the test.
    }
}
