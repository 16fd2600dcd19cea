package org.bucketkeeper.testing.simulation;

import org.bucketkeeper.ownership.OwnershipListener;

/** Makes the listener of one server each time that one starts. */
@FunctionalInterface
public interface ListenerFactory {

    /** Returns a new listener, which shares nothing with those of other servers but the storage. */
    OwnershipListener listenerOf(SimulatedServer server);
}
