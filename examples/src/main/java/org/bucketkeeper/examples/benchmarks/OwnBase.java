package org.bucketkeeper.examples.benchmarks;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A base that no other thread works on, in a bucket next to the other threads' ones, and a bare counter. */
@State(Scope.Thread)
public class OwnBase {

    final AtomicLong counter = new AtomicLong();
    UUID base = new UUID(0, 0);

    /** Gives each thread the next bucket. */
    @Setup
    public void choose(OwnedBuckets buckets) {
        base = new UUID((long) buckets.threads.getAndIncrement() << 56 | 0x4000L, 0x8000_0000_0000_0000L);
    }
}
