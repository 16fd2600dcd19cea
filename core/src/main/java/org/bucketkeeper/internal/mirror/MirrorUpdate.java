package org.bucketkeeper.internal.mirror;

import java.util.Set;

/**
 * Tells subscribers that the mirror moved on.
 *
 * @param revision the revision that the mirror shows now
 * @param changedKeys the keys that were put or deleted, whole; may be empty
 */
public record MirrorUpdate(long revision, Set<String> changedKeys) {

    /** Makes the set unmodifiable. */
    public MirrorUpdate {
        changedKeys = Set.copyOf(changedKeys);
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
