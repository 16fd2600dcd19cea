package org.bucketkeeper.store.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.WatchEvent;

/** What changed at which revision, as far back as the store remembers. */
final class History {

    private final TreeMap<Long, List<Change>> changesByRevision = new TreeMap<>();
    private long firstKept = 1;

    void append(long revision, List<Change> changes) {
        changesByRevision.put(revision, List.copyOf(changes));
    }

    /** Tells whether every change from {@code revision} on is still here. */
    boolean reachesBackTo(long revision) {
        return revision >= firstKept;
    }

    /** Returns the changes under {@code prefix} from {@code fromRevision} on, one event a revision. */
    List<WatchEvent.Changes> since(long fromRevision, String prefix) {
        List<WatchEvent.Changes> events = new ArrayList<>();
        changesByRevision.tailMap(fromRevision, true).forEach((revision, changes) -> {
            List<Change> wanted = changes.stream()
                    .filter(change -> change.key().startsWith(prefix))
                    .toList();
            if (!wanted.isEmpty()) {
                events.add(new WatchEvent.Changes(revision, wanted));
            }
        });
        return events;
    }

    /** Forgets the changes before {@code revision}. */
    void compact(long revision) {
        changesByRevision.headMap(revision, false).clear();
        firstKept = Math.max(firstKept, revision);
    }

    /** Forgets the oldest revisions until at most {@code count} are left. */
    void keepNewest(int count) {
        while (changesByRevision.size() > count) {
            compact(changesByRevision.firstKey() + 1);
        }
    }
}
