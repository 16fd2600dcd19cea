package org.bucketkeeper.internal.mirror;

import java.util.Set;

/**
 * Tells subscribers that the mirror moved on.
 *
 * @param revision the revision that the mirror shows now
 * @param changedKeys the keys that were put or deleted, whole; may be empty
 * @param history whether the revision counts on from the one before
 */
public record MirrorUpdate(long revision, Set<String> changedKeys, History history) {

    /** How an update follows the one before. */
    public enum History {
        /** The revision is the same or a later one. */
        CONTINUED,
        /**
         * The same, but the watch had ended and everything was read afresh. A store that loses writes may have lost some:
         * also of what stands where the mirror does not look.
         */
        READ_AFRESH,
        /** The store went back to an earlier revision, or is another one: what was learned from it may not be so. */
        WENT_BACK
    }

    /** Makes the set unmodifiable. */
    public MirrorUpdate {
        changedKeys = Set.copyOf(changedKeys);
    }

    /** Tells whether what was learned at a revision before this one may not be so. */
    public boolean wentBack() {
        return history == History.WENT_BACK;
    }

    /** Tells whether the store may lack what it acknowledged before. */
    public boolean mayLackWrites() {
        return history != History.CONTINUED;
    }

    /** Tells whether a key that starts with {@code prefix} changed. */
    public boolean touches(String prefix) {
        for (String key : changedKeys) {
            if (key.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
