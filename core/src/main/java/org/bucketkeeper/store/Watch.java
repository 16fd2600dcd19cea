package org.bucketkeeper.store;

/** A running watch. */
@FunctionalInterface
public interface Watch extends AutoCloseable {

    /** Stops the watch without a further event; returns at once, and is safe to call twice. */
    @Override
    void close();
}
