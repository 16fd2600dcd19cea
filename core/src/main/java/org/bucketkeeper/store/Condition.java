package org.bucketkeeper.store;

/** Something that must hold for a transaction to be applied. */
public sealed interface Condition {

    /** Returns the key that the condition is about. */
    String key();

    /**
     * The key does not exist.
     *
     * @param key the whole key
     */
    record Absent(String key) implements Condition {}

    /**
     * The key exists and was brought into being by that revision: it is the same key as then, whatever was written to
     * it since.
     *
     * @param key the whole key
     * @param revision the create revision it must have, at least 1
     */
    record CreatedAt(String key, long revision) implements Condition {}

    /**
     * The key exists and was last written by that revision.
     *
     * @param key the whole key
     * @param revision the mod revision it must have, at least 1
     */
    record ModifiedAt(String key, long revision) implements Condition {}
}
