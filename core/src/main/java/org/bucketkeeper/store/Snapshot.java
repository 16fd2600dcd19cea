package org.bucketkeeper.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys under a prefix as they stood at one revision of the store.
 *
 * @param storeIdentity names the history that the revision counts in; differs when the store was replaced by another
 * @param revision the revision of the whole store that the entries show; at least that of every entry
 * @param entries the keys in ascending order; unmodifiable
 */
public record Snapshot(String storeIdentity, long revision, List<Entry> entries) {

    /** Makes the list unmodifiable. */
    public Snapshot {
        entries = List.copyOf(entries);
    }

    /** Returns the entry with {@code key}; null if there is none. Looks through all entries. */
    public @Nullable Entry entry(String key) {
        for (Entry entry : entries) {
            if (entry.key().equals(key)) {
                return entry;
            }
        }
        return null;
    }
}
