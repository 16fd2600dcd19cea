package org.bucketkeeper.testing.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The seeds that once found something and are run again whenever the gate is. */
public final class RegressionSeeds {

    private static final String LIST = "regressions.txt";

    private RegressionSeeds() {}

    /** Returns the seeds in the order of the list. */
    public static List<RegressionSeed> all() {
        try (InputStream list =
                Objects.requireNonNull(RegressionSeeds.class.getResourceAsStream(LIST), "no resource " + LIST)) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(RegressionSeed::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
