package org.bucketkeeper.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A folder for a server's data, log and keys, gone with the fixture that made it. */
final class TemporaryFolder implements AutoCloseable {

    private static final Duration REMOVAL_BOUND = Duration.ofSeconds(30);

    private final Path path;

    TemporaryFolder(String purpose) {
        try {
            path = Files.createTempDirectory("bucketkeeper-" + purpose + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return path;
    }

    /**
     * Removes the folder, in 30 seconds at most: a process that a killed server had made for its files writes on for a
     * while.
     */
    @Override
    public void close() {
        if (!Waiting.until(REMOVAL_BOUND, this::isRemoved)) {
            throw new IllegalStateException("Somebody goes on writing into " + path);
        }
    }

    private boolean isRemoved() {
        try {
            Files.walkFileTree(path, new Remover());
            return true;
        } catch (DirectoryNotEmptyException filledMeanwhile) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Remover extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
