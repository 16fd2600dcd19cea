package org.bucketkeeper.store.memory;

/** What a request asks the server to do. */
@FunctionalInterface
interface Command<T> {

    /**
     * Runs against the server's state and returns the answer.
     *
     * @param now the server's time, in nanoseconds
     */
    T runOn(MemoryState state, long now);
}
