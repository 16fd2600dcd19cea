package org.bucketkeeper.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder that holds an operator's configuration file while a test lasts. */
record ConfigFolder(Path folder) {

    static final String NAME = "dtable_server_config.json";

    Path file() {
        return folder.resolve(NAME);
    }

    ClusterConfig read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    ClusterConfig read(byte[] content) {
        write(NAME, content);
        return ClusterConfig.read(file());
    }

    /** Reads a file that holds nothing but a {@code cluster_config} block on one line, members from column 23 on. */
    ClusterConfig readBlock(String members) {
        return read("{ \"cluster_config\": { " + members + " } }");
    }

    /** Returns the lines of the error, each without the folder before the file's name. */
    List<String> problemsOf(String text) {
        return problems(() -> read(text));
    }

    List<String> problemsOfBlock(String members) {
        return problems(() -> readBlock(members));
    }

    List<String> problems(Runnable reading) {
        ClusterConfigException e = catchThrowableOfType(ClusterConfigException.class, reading::run);
        assertThat(e).as("error").isNotNull();
        return String.valueOf(e.getMessage()).lines().map(this::withoutFolder).toList();
    }

    String withoutFolder(String line) {
        return line.replace(folder.toString() + folder.getFileSystem().getSeparator(), "");
    }

    Path write(String name, String content) {
        return write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private Path write(String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
