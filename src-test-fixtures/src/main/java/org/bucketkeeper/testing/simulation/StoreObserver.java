package org.bucketkeeper.testing.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.Watch;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.memory.InMemoryClient;
import org.jspecify.annotations.Nullable;

/**
 * Follows the store itself, revision by revision, for the checks. Opens its watch anew when a fault ended it; the
 * history it needs is never compacted, unless the store loses writes: then it goes on from what is left, of which it is
 * the first to know.
 */
final class StoreObserver {

    /** The revision of an empty store. */
    private static final long FIRST_REVISION = 1;

    private final InMemoryClient client;
    private final Listener listener;
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final Map<Long, Long> sums = new HashMap<>();
    private Watch watch = () -> {};
    private boolean upToDate = true;
    private long revision = FIRST_REVISION;
    private long sum;

    /** Is told of each change before it is made to what {@link #get} shows. */
    interface Listener {

        void onChange(Change change, @Nullable Entry before);

        /** All changes of one revision were made. */
        void onRevision(long revision);

        /** The store lost {@code before}, and from {@code revision} on shows what {@link #get} does. */
        void onLoss(Map<String, Entry> before, long revision);
    }

    StoreObserver(InMemoryClient client, Listener listener) {
        this.client = client;
        this.listener = listener;
        sums.put(FIRST_REVISION, 0L);
        watch();
    }

    /** Returns the revision up to which nothing is missing. */
    long revision() {
        return revision;
    }

    /** Returns the checksum of all keys at a revision; null if a loss came before anybody saw that one. */
    @Nullable Long sumAt(long seenRevision) {
        return sums.get(seenRevision);
    }

    /** Tells whether all was seen that the store has done, save what is on its way. */
    boolean isUpToDate() {
        return upToDate;
    }

    /** Watches anew, for a watch that ended is noticed late where the store was away. */
    void catchUp() {
        watch.close();
        watch();
    }

    /** The store loses writes at this moment; nobody else may ask it anything before. */
    void loss() {
        upToDate = false;
        client.read("").thenAccept(this::goOnFrom);
    }

    @Nullable Entry get(String key) {
        return entries.get(key);
    }

    NavigableMap<String, Entry> under(String prefix) {
        return entries.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
    }

    private void watch() {
        watch = client.watch("", revision + 1, this::onEvent);
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
            sums.put(revision, sum);
            listener.onRevision(revision);
        } else if (event instanceof WatchEvent.Ended ended) {
            if (ended.reason() == WatchEvent.Reason.DISCONNECTED) {
                watch();
            } else if (upToDate) {
                throw new IllegalStateException("the observer's own history was compacted");
            }
        }
    }

    private void goOnFrom(Snapshot left) {
        watch.close();
        Map<String, Entry> before = new HashMap<>(entries);
        entries.clear();
        sum = 0;
        for (Entry entry : left.entries()) {
            entries.put(entry.key(), entry);
            sum ^= Checksum.of(entry);
        }
        revision = left.revision();
        sums.put(revision, sum);
        upToDate = true;
        listener.onLoss(before, revision);
        listener.onRevision(revision);
        watch();
    }

    private void apply(Change change) {
        Entry now = change instanceof Change.Put put ? put.entry() : null;
        Entry before = now == null ? entries.remove(change.key()) : entries.put(change.key(), now);
        sum ^= before == null ? 0 : Checksum.of(before);
        sum ^= now == null ? 0 : Checksum.of(now);
    }
}
