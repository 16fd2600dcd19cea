package org.bucketkeeper.store.memory;

/** Which way of a client's connection a fault concerns. */
public enum Direction {
    /** Requests: what the client sends. */
    TO_STORE,
    /** Answers and watch events: what the store sends. */
    FROM_STORE,
    /** Both ways. */
    BOTH;

    boolean concerns(Direction oneWay) {
        return this == BOTH || this == oneWay;
    }
}
