package org.bucketkeeper.examples.benchmarks;

import java.util.concurrent.TimeUnit;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.routing.Route;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/**
 * Looking a base up, beside the least that a lookup could do: read the base, read the table's reference as volatile,
 * read the entry. The loop around it is the same on both sides.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteBenchmark {

    private static final byte[] HEX_DIGITS = new byte[128];

    static {
        for (int c = 0; c < HEX_DIGITS.length; c++) {
            HEX_DIGITS[c] = (byte) Character.digit(c, 16);
        }
    }

    /** What an application calls with a UUID. */
    @Benchmark
    public Route uuid(Fleet fleet, Turn turn) {
        return fleet.router.route(fleet.uuids[turn.next()]);
    }

    /** A volatile read of the table, indexed by the UUID's top byte. */
    @Benchmark
    public Route uuidFloor(Fleet fleet, Turn turn) {
        return fleet.bareTable[(int) (fleet.uuids[turn.next()].getMostSignificantBits() >>> 56)];
    }

    /** What an application calls with text; half of the texts are dashed. */
    @Benchmark
    public Route text(Fleet fleet, Turn turn) {
        return fleet.router.route(fleet.texts[turn.next()]);
    }

    /** A volatile read of the table, indexed by the text's first two hex digits; nothing else of it is looked at. */
    @Benchmark
    public Route textFloor(Fleet fleet, Turn turn) {
        String text = fleet.texts[turn.next()];
        return fleet.bareTable[HEX_DIGITS[text.charAt(0)] << 4 | HEX_DIGITS[text.charAt(1)]];
    }

    /** The part of {@link #text} that makes sure that all of the text is a UUID. */
    @Benchmark
    public int validation(Fleet fleet, Turn turn) {
        return Bucket.indexOf(fleet.texts[turn.next()]);
    }
}
