package org.bucketkeeper.monitor;

import org.bucketkeeper.store.Entry;

/**
 * Something that an operator asks the leader to do once. It stands in the store under a lease of the operator's, so
 * that nobody acts on it after the operator has gone; the leader writes its answer into the same key.
 *
 * @param kind what is asked for
 * @param entry the key as it stands in the store
 */
record OperatorRequest(Kind kind, Entry entry) {

    /** What may be asked for. */
    enum Kind {
        /** Even the load out now. */
        REBALANCE,
        /** End the hold after a mass loss. */
        RESUME
    }
}
