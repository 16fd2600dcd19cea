package org.bucketkeeper.testing.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.memory.InMemoryClient;
import org.jspecify.annotations.Nullable;

/**
 * Follows the store itself, revision by revision, for the checks. Opens its watch anew when a fault ended it; the
 * history it needs is never compacted.
 */
final class StoreObserver {

    /** The revision of an empty store. */
    private static final long FIRST_REVISION = 1;

    private final InMemoryClient client;
    private final Listener listener;
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final List<Long> sums = new ArrayList<>();
    private long revision = FIRST_REVISION;
    private long sum;

    /** Is told of each change before it is made to what {@link #get} shows. */
    interface Listener {

        void onChange(Change change, @Nullable Entry before);

        /** All changes of one revision were made. */
        void onRevision(long revision);
    }

    StoreObserver(InMemoryClient client, Listener listener) {
        this.client = client;
        this.listener = listener;
        sums.add(0L);
        watch();
    }

    /** Returns the revision up to which nothing is missing. */
    long revision() {
        return revision;
    }

    /** Returns the checksum of all keys at a revision that was seen. */
    long sumAt(long seenRevision) {
        return sums.get((int) (seenRevision - FIRST_REVISION));
    }

    @Nullable Entry get(String key) {
        return entries.get(key);
    }

    NavigableMap<String, Entry> under(String prefix) {
        return entries.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
    }

    private void watch() {
        client.watch("", revision + 1, this::onEvent);
    }

    private void onEvent(WatchEvent event) {
        if (event instanceof WatchEvent.Changes changes) {
            if (changes.revision() != revision + 1) {
                throw new IllegalStateException(
                        "the store jumped from revision " + revision + " to " + changes.revision());
            }
            for (Change change : changes.changes()) {
                listener.onChange(change, entries.get(change.key()));
            }
            changes.changes().forEach(this::apply);
            revision = changes.revision();
            sums.add(sum);
            listener.onRevision(revision);
        } else if (event instanceof WatchEvent.Ended ended) {
            if (ended.reason() == WatchEvent.Reason.COMPACTED) {
                throw new IllegalStateException("the observer's own history was compacted");
            }
            watch();
        }
    }

    private void apply(Change change) {
        Entry now = change instanceof Change.Put put ? put.entry() : null;
        Entry before = now == null ? entries.remove(change.key()) : entries.put(change.key(), now);
        sum ^= before == null ? 0 : Checksum.of(before);
        sum ^= now == null ? 0 : Checksum.of(now);
    }
}
