package org.bucketkeeper.testing.simulation;

import java.util.HashMap;
import java.util.Map;
import org.bucketkeeper.bucket.Bucket;

/** The storage of a run. */
final class RecordedStorage implements TokenCheckedStorage {

    private final Violations violations;
    private final long[] largest = new long[Bucket.COUNT];
    /** The token with which each write was taken. */
    private final Map<Long, Long> writes = new HashMap<>();

    RecordedStorage(Violations violations) {
        this.violations = violations;
    }

    @Override
    public boolean open(Bucket bucket, long fencingToken) {
        if (fencingToken < largest[bucket.index()]) {
            return false;
        }
        largest[bucket.index()] = fencingToken;
        return true;
    }

    @Override
    public boolean write(Bucket bucket, long fencingToken, long id) {
        if (fencingToken <= 0) {
            violations.report("storage sees tokens", "a write of bucket " + bucket + " has token " + fencingToken);
        }
        if (!open(bucket, fencingToken)) {
            return false;
        }
        writes.putIfAbsent(id, fencingToken);
        return true;
    }

    /** Tells whether a token is too old to write with, for good. */
    boolean hasSeenMoreThan(Bucket bucket, long fencingToken) {
        return fencingToken < largest[bucket.index()];
    }

    @Override
    public boolean contains(long id) {
        return writes.containsKey(id);
    }
}
