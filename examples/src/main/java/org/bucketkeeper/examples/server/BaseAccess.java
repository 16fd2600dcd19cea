package org.bucketkeeper.examples.server;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.NotOwner;

/** Decides whether this process may work on a base: in a cluster by asking for a guard, alone always. */
interface BaseAccess {

    /**
     * Asks for a permit without blocking.
     *
     * @param uuid a whole UUID, dashed or undashed, in upper or lower case
     * @param maxWait how long to wait at most if this process is about to own the bucket
     * @return completes on any thread; exceptionally with a {@link org.bucketkeeper.ownership.NotOwnerException}
     * @throws IllegalArgumentException if {@code uuid} is no UUID
     */
    CompletionStage<Permit> enter(String uuid, Duration maxWait);

    /** Returns what to tell a client about a bucket whose permit turned out to be worth nothing. */
    NotOwner refusal(Bucket bucket);

    /** Permission to work on the bases of one bucket. A hand-over waits until it is closed. Thread-safe. */
    interface Permit extends AutoCloseable {

        /** Returns the bucket. */
        Bucket bucket();

        /** Returns the fencing token to load and store with; {@link BaseStorage#NO_TOKEN} if there is no cluster. */
        long fencingToken();

        /** Tells whether nobody else can have a valid permit at this moment. */
        boolean isValid();

        /** Ends the work; safe to call twice. */
        @Override
        void close();
    }
}
