package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.Watch;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchListener;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a watch reported, and checks with each event the rules that hold for every watch: one call at a time,
 * growing revisions, all changes of the event's revision and under the prefix, each key once, nothing after the end.
 * Thread-safe.
 */
final class RecordedWatch implements WatchListener {

    private final String prefix;
    private final List<WatchEvent.Changes> events = new ArrayList<>();
    private final List<String> brokenRules = new ArrayList<>();
    private long smallestNextRevision;
    private WatchEvent.@Nullable Ended end;
    private @Nullable Watch watch;
    private @Nullable Thread caller;

    RecordedWatch(String prefix, long fromRevision) {
        this.prefix = prefix;
        this.smallestNextRevision = fromRevision;
    }

    synchronized void runs(Watch running) {
        watch = running;
    }

    @Override
    public void onEvent(WatchEvent event) {
        enter();
        record(event);
        leave();
    }

    /** Returns the events with changes so far. */
    synchronized List<WatchEvent.Changes> events() {
        return List.copyOf(events);
    }

    /** Returns the changes of all events so far, in order. */
    synchronized List<Change> changes() {
        return events.stream().flatMap(event -> event.changes().stream()).toList();
    }

    /** Returns how the watch ended, or null if it has not. */
    synchronized WatchEvent.@Nullable Ended end() {
        return end;
    }

    synchronized boolean hasEnded() {
        return end != null;
    }

    void close() {
        Watch running;
        synchronized (this) {
            running = watch;
        }
        if (running != null) {
            running.close();
        }
    }

    synchronized void verifyRulesWereKept() {
        assertThat(brokenRules).as("broken rules of the watch on %s", prefix).isEmpty();
    }

    private synchronized void enter() {
        if (caller != null) {
            brokenRules.add("called on " + Thread.currentThread() + " while the call on " + caller + " was under way");
        }
        caller = Thread.currentThread();
    }

    private synchronized void leave() {
        caller = null;
    }

    private synchronized void record(WatchEvent event) {
        if (end != null) {
            brokenRules.add("after the end came " + event);
        }
        if (event instanceof WatchEvent.Ended ended) {
            end = ended;
        } else if (event instanceof WatchEvent.Progress progress) {
            smallestNextRevision = Math.max(smallestNextRevision, progress.revision() + 1);
        } else if (event instanceof WatchEvent.Changes changes) {
            check(changes);
            smallestNextRevision = Math.max(smallestNextRevision, changes.revision() + 1);
            events.add(changes);
        }
    }

    private void check(WatchEvent.Changes event) {
        if (event.revision() < smallestNextRevision) {
            brokenRules.add("expected revision " + smallestNextRevision + " or later but came " + event);
        }
        if (event.changes().isEmpty()) {
            brokenRules.add("no changes in " + event);
        }
        if (event.changes().stream().map(Change::key).distinct().count()
                != event.changes().size()) {
            brokenRules.add("a key twice in " + event);
        }
        for (Change change : event.changes()) {
            if (change.revision() != event.revision() || !change.key().startsWith(prefix)) {
                brokenRules.add("a change of another revision or prefix in " + event);
            }
        }
    }
}
