package org.bucketkeeper.store;

import java.time.Duration;

/** The store's word on a lease that was to be renewed. */
public sealed interface KeepAliveResult {

    /**
     * The lease lives on.
     *
     * @param ttl how long it lasts from this renewal on
     */
    record Renewed(Duration ttl) implements KeepAliveResult {}

    /** There is no such lease: it expired, was revoked, or the store lost it. Its keys are gone. */
    record Expired() implements KeepAliveResult {}
}
