package org.bucketkeeper.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says what is wrong with a configuration file: every problem that was found, not only the first.
 *
 * <p>The message has a line for each problem, in the order of the file. It never holds a password.
 */
public final class ClusterConfigException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final ConfigProblem[] problems;

    /** Creates an exception from at least one problem. */
    ClusterConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = problems.toArray(ConfigProblem[]::new);
    }

    /** Returns what is wrong, in the order of the file; never empty. */
    public List<ConfigProblem> problems() {
        return List.of(problems);
    }
}
