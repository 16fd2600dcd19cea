package org.bucketkeeper.etcd;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.Guard;

/** Storage that compares fencing tokens and remembers what was written, and by which owners at what time. */
final class FencedLedger {

    private final Map<Bucket, Long> highest = new HashMap<>();
    private final Set<String> written = new HashSet<>();
    private int refused;

    /** Writes, or refuses if a later owner has written already; returns whether it was written. */
    synchronized boolean write(Guard guard, String id) {
        long seen = highest.getOrDefault(guard.bucket(), 0L);
        if (guard.fencingToken() < seen) {
            refused++;
            return false;
        }
        highest.put(guard.bucket(), guard.fencingToken());
        if (!written.add(id)) {
            throw new IllegalStateException(id + " was written twice");
        }
        return true;
    }

    synchronized Set<String> written() {
        return Set.copyOf(written);
    }

    synchronized int refused() {
        return refused;
    }
}
