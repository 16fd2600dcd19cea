package org.bucketkeeper.store;

/** Something that a transaction does to one key. */
public sealed interface Operation {

    /** Returns the key that the operation is about. */
    String key();

    /**
     * Writes a value and puts the key under a lease, taking it out of the one it was under.
     *
     * @param key the whole key
     * @param value the value
     * @param leaseId the lease, or {@link Lease#NONE}; with one that does not exist the transaction is not applied and
     *     its result is {@link CommitResult.Unknown}
     */
    record Put(String key, String value, long leaseId) implements Operation {}

    /**
     * Deletes the key; does nothing if it does not exist.
     *
     * @param key the whole key
     */
    record Delete(String key) implements Operation {}
}
