package org.bucketkeeper.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchListener;

/** Keeps what a watch reports. Thread-safe. */
public final class WatchRecorder implements WatchListener {

    private final List<WatchEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void onEvent(WatchEvent event) {
        events.add(event);
    }

    /** Returns what was reported so far. */
    public List<WatchEvent> events() {
        return List.copyOf(events);
    }

    /** Returns the keys that changed, one for each change, in the order reported. */
    public List<String> keys() {
        return events().stream()
                .filter(WatchEvent.Changes.class::isInstance)
                .flatMap(event -> ((WatchEvent.Changes) event).changes().stream())
                .map(Change::key)
                .toList();
    }

    /** Returns the ends that were reported: none or one, if the watch keeps its contract. */
    public List<WatchEvent.Ended> ends() {
        return events().stream()
                .filter(WatchEvent.Ended.class::isInstance)
                .map(WatchEvent.Ended.class::cast)
                .toList();
    }

    /** Waits until that many keys have changed; fails if they do not in time. */
    public void awaitKeys(int count) {
        Eventually.until(count + " changes", () -> keys().size() >= count);
    }

    /** Waits for the end of the watch; fails if it does not come in time. */
    public WatchEvent.Ended awaitEnd() {
        Eventually.until("the end of the watch", () -> !ends().isEmpty());
        return ends().get(0);
    }
}
