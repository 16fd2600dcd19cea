package org.bucketkeeper.examples.server;

import org.bucketkeeper.ownership.NotOwner;

/** Why a base is not in memory any more. */
sealed interface Departure {

    /**
     * Another server serves it, or is about to.
     *
     * @param owner whom to ask
     */
    record Moved(NotOwner owner) implements Departure {}

    /** The storage failed, and what is in memory may not be what is stored: open it again. */
    record StorageFailed() implements Departure {}

    /** Nobody used it for long, or the server ends: open it again. */
    record Unloaded() implements Departure {}
}
