package org.bucketkeeper.internal.session;

/** Why a session is no longer to be relied on. */
public enum LossReason {
    /** No renewal was answered in time: the lease may have expired. */
    DEADLINE_PASSED,
    /** The store says that the lease is gone. */
    LEASE_EXPIRED,
    /** The key was deleted, or belongs to another. */
    KEY_TAKEN_AWAY
}
