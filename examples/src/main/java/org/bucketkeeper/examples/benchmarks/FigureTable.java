package org.bucketkeeper.examples.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lays figures out as lines of one table. */
final class FigureTable {

    private static final String FORMAT = "%-40s %10s %10s %7s %9s %s";

    private FigureTable() {}

    static String header() {
        return String.format(Locale.ROOT, FORMAT, "figure", "value", "floor", "ratio", "B/op", "unit");
    }

    static String line(Figure figure) {
        Double floor = figure.floor();
        return String.format(
                Locale.ROOT,
                FORMAT,
                figure.name(),
                number(figure.value()),
                number(floor),
                floor == null ? "-" : String.format(Locale.ROOT, "%.2fx", figure.value() / floor),
                number(figure.bytesPerOperation()),
                figure.unit());
    }

    private static String number(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }
}
