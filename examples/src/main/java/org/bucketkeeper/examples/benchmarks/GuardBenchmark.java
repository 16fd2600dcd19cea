package org.bucketkeeper.examples.benchmarks;

import java.util.concurrent.TimeUnit;
import org.bucketkeeper.ownership.Guard;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** Entering and leaving an owned bucket, beside the atomic additions and the look at the clock that it cannot do without. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GuardBenchmark {

    /** What an application does around each piece of work. */
    @Benchmark
    public long enterAndClose(OwnedBuckets buckets, OwnBase own) {
        try (Guard guard = buckets.ownership.enter(own.base)) {
            return guard.fencingToken();
        }
    }

    /** The same with the check before the write. */
    @Benchmark
    public boolean enterCheckAndClose(OwnedBuckets buckets, OwnBase own) {
        try (Guard guard = buckets.ownership.enter(own.base)) {
            return guard.isValid();
        }
    }

    /** An uncontended pair of atomic additions and one look at the clock. */
    @Benchmark
    public long floor(OwnedBuckets buckets, OwnBase own) {
        long entered = own.counter.getAndIncrement();
        long now = System.nanoTime();
        return own.counter.getAndDecrement() + entered + now;
    }
}
