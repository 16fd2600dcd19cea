package org.bucketkeeper.examples.demo;

import java.util.HashMap;
import java.util.Map;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.Guard;

/** Storage that does what storage should: it refuses a write with a smaller fencing token than one it has seen. */
final class DemoLedger {

    private final Map<Bucket, Long> highestTokens = new HashMap<>();
    private long written;
    private long refused;

    synchronized boolean write(Guard guard) {
        long seen = highestTokens.getOrDefault(guard.bucket(), 0L);
        if (guard.fencingToken() < seen) {
            refused++;
            return false;
        }
        highestTokens.put(guard.bucket(), guard.fencingToken());
        written++;
        return true;
    }

    synchronized long written() {
        return written;
    }

    synchronized long refused() {
        return refused;
    }
}
