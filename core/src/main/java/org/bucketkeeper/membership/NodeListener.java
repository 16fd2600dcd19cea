package org.bucketkeeper.membership;

/**
 * Is told which nodes come and go. Calls are made one at a time on a thread of the library that serves listeners only;
 * a listener that throws is logged and called again at the next change, one that blocks delays the calls after it.
 */
public interface NodeListener {

    /** {@code node} registered, or registered anew after it was lost. */
    default void joined(LiveNode node) {}

    /** {@code node}'s registration is gone: it left, or its lease expired. */
    default void left(LiveNode node) {}
}
