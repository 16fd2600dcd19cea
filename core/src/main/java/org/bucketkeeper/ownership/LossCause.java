package org.bucketkeeper.ownership;

/** Why a tenure ended without being handed over. */
enum LossCause {
    /** The session may no longer be relied on. */
    SESSION_LOST,
    /** The claim was deleted, or is another's. */
    CLAIM_GONE,
    /** An operator ended a release that hung. */
    FORCED
}
