package org.bucketkeeper.testing.simulation;

import org.bucketkeeper.bucket.Bucket;

/**
 * The database behind the servers, outside all processes: takes a write if its fencing token is not smaller than the
 * largest one seen for the bucket, and takes the same write once however often it is sent.
 *
 * <p>Calls act at once; a process that wants to model the way there sends them with
 * {@link SimulatedServer#run}.
 */
public interface TokenCheckedStorage {

    /**
     * Makes sure that nothing older than {@code fencingToken} is taken from now on, as reading a bucket does for whoever
     * is about to own it.
     *
     * @return whether the token was good
     */
    boolean open(Bucket bucket, long fencingToken);

    /**
     * Writes {@code id}.
     *
     * @return whether the token was good, and the write is there now
     */
    boolean write(Bucket bucket, long fencingToken, long id);

    /** Tells whether {@code id} was written. */
    boolean contains(long id);
}
