package org.bucketkeeper.membership;

import org.jspecify.annotations.Nullable;

/**
 * Is told what becomes of a process's own registration. Calls are made one at a time on a thread of the library that
 * serves listeners only.
 */
public interface RegistrationListener {

    /** The node is registered, at first or anew. */
    default void registered(LiveNode self) {}

    /**
     * The registration is no longer to be relied on: the store may give the node's name and its buckets to others. The
     * library tries to register anew.
     */
    default void lost(LiveNode self, String reason) {}

    /**
     * Another process holds the node's name; the library waits for it: up to the takeover timeout when it starts, and
     * as long as it takes if the node was registered before. That is told again from time to time.
     *
     * @param holder what the store says of the other; null if that is not known
     */
    default void waitingFor(@Nullable String holder) {}

    /**
     * Another process kept the node's name too long; the library does nothing more. Told only of a node that was never
     * registered.
     */
    default void failed(DuplicateNodeException cause) {}
}
