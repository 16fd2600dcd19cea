package org.bucketkeeper.etcd;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchListener;

/** Keeps what a watch reports. */
final class Recorder implements WatchListener {

    private final List<WatchEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void onEvent(WatchEvent event) {
        events.add(event);
    }

    List<WatchEvent> events() {
        return List.copyOf(events);
    }

    /** Returns the keys that changed, one for each change, in the order reported. */
    List<String> keys() {
        return events().stream()
                .filter(WatchEvent.Changes.class::isInstance)
                .flatMap(event -> ((WatchEvent.Changes) event).changes().stream())
                .map(Change::key)
                .toList();
    }

    List<WatchEvent.Ended> ends() {
        return events().stream()
                .filter(WatchEvent.Ended.class::isInstance)
                .map(WatchEvent.Ended.class::cast)
                .toList();
    }

    void awaitKeys(int count) {
        Eventually.until(count + " changes", () -> keys().size() >= count);
    }

    WatchEvent.Ended awaitEnd() {
        Eventually.until("the end of the watch", () -> !ends().isEmpty());
        return ends().get(0);
    }
}
