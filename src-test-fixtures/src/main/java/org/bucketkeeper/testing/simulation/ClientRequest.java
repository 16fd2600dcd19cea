package org.bucketkeeper.testing.simulation;

import java.util.SplittableRandom;
import org.bucketkeeper.bucket.Bucket;

/** Something that a client wants to have done once. */
final class ClientRequest {

    private final long id;
    private final Bucket bucket;
    private final Kind kind;
    private final SplittableRandom random;
    private long attempts;
    private boolean done;

    enum Kind {
        /** To be in the storage when it is acknowledged. */
        WRITE,
        /** To be in the owner's memory when it is acknowledged, and in the storage when the bucket is handed over. */
        UPDATE
    }

    ClientRequest(long id, Bucket bucket, Kind kind, SplittableRandom random) {
        this.id = id;
        this.bucket = bucket;
        this.kind = kind;
        this.random = random;
    }

    long id() {
        return id;
    }

    Bucket bucket() {
        return bucket;
    }

    Kind kind() {
        return kind;
    }

    SplittableRandom random() {
        return random;
    }

    long attempts() {
        return attempts;
    }

    long nextAttempt() {
        return ++attempts;
    }

    boolean isDone() {
        return done;
    }

    /** Takes note that it is done; returns false if that was known. */
    boolean done() {
        boolean first = !done;
        done = true;
        return first;
    }
}
