package org.bucketkeeper.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one file, so that all of it can be told at once. */
final class Problems {

    private static final Comparator<ConfigProblem> IN_FILE_ORDER =
            Comparator.comparingInt(ConfigProblem::line).thenComparingInt(ConfigProblem::column);

    private final String file;
    private final List<ConfigProblem> found = new ArrayList<>();

    Problems(Path file) {
        this.file = file.toString();
    }

    void add(Position at, String key, String message) {
        found.add(new ConfigProblem(file, at.line(), at.column(), key, message));
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw toException();
        }
    }

    /** Returns the error for all that was found, which must be something. */
    ClusterConfigException toException() {
        found.sort(IN_FILE_ORDER);
        return new ClusterConfigException(found);
    }

    /** Returns the error for a problem after which reading cannot go on. */
    static ClusterConfigException only(Path file, Position at, String message) {
        return new ClusterConfigException(
                List.of(new ConfigProblem(file.toString(), at.line(), at.column(), "", message)));
    }

    /** Returns the error for a file that cannot be read at all. */
    static ClusterConfigException wholeFile(Path file, String message) {
        return new ClusterConfigException(List.of(new ConfigProblem(file.toString(), 0, 0, "", message)));
    }
}
