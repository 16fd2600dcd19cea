package org.bucketkeeper.internal.mirror;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.bucketkeeper.driver.StateMachine;
import org.bucketkeeper.internal.mirror.MirrorUpdate.History;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.WatchEvent;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a copy of the keys under a prefix so that no change is missed: reads at revision R, watches from R+1, and reads
 * again whenever a watch ends. A slow periodic read catches what a watch failed to report.
 *
 * <p>Revisions decide: what is not newer than the copy is a duplicate and is dropped. The one exception is a read that
 * shows an older revision or another store: then history itself went back, and the copy follows it.
 */
final class MirrorMachine implements StateMachine<MirrorEvent, MirrorAction> {

    private final MirrorSettings settings;
    private final RandomGenerator jitter;
    private final TreeMap<String, Entry> entries = new TreeMap<>();

    private @Nullable String storeIdentity;
    private long revision;
    private boolean watching;
    private long watchNumber;
    private long readNumber;
    private boolean reading;
    /** What the copy showed when the read was sent: a store that goes on cannot answer with less. */
    private long revisionBeforeRead;

    private int failedReads;
    private long watchOpenedAt;
    private int hastyEnds;
    private boolean readWanted;
    private long nextReadAt;

    MirrorMachine(MirrorSettings settings, RandomGenerator jitter) {
        this.settings = settings;
        this.jitter = jitter;
    }

    /** Returns the copy, ordered by key; unmodifiable, and changing with the mirror. */
    NavigableMap<String, Entry> entries() {
        return Collections.unmodifiableNavigableMap(entries);
    }

    /** Returns the revision that the copy shows; 0 before the first read. */
    long revision() {
        return revision;
    }

    @Override
    public List<MirrorAction> onEvent(MirrorEvent event, long now) {
        List<MirrorAction> actions = new ArrayList<>();
        if (event instanceof MirrorEvent.Started || event instanceof MirrorEvent.RefreshRequested) {
            readSoon(now, 0);
        } else if (event instanceof MirrorEvent.ReadSucceeded succeeded) {
            if (reading && succeeded.readNumber() == readNumber) {
                reading = false;
                failedReads = 0;
                onSnapshot(succeeded.snapshot(), now, actions);
            }
        } else if (event instanceof MirrorEvent.ReadFailed failed) {
            if (reading && failed.readNumber() == readNumber) {
                reading = false;
                readSoon(now, retryDelay(failedReads++));
                if (!watching) {
                    actions.add(new MirrorAction.Disconnected(
                            String.valueOf(failed.cause().getMessage())));
                }
            }
        } else if (event instanceof MirrorEvent.Watched watched) {
            if (watching && watched.watchNumber() == watchNumber) {
                onWatched(watched.event(), now, actions);
            }
        }
        actions.addAll(onTick(now));
        return actions;
    }

    @Override
    public List<MirrorAction> onTick(long now) {
        if (readWanted && !reading && nextReadAt - now <= 0) {
            readWanted = false;
            reading = true;
            readNumber++;
            revisionBeforeRead = revision;
            return List.of(new MirrorAction.Read(readNumber));
        }
        return List.of();
    }

    @Override
    public long nanosToNextTick(long now) {
        return readWanted && !reading ? nextReadAt - now : NEVER;
    }

    private void onWatched(WatchEvent event, long now, List<MirrorAction> actions) {
        if (event instanceof WatchEvent.Changes changes) {
            actions.add(new MirrorAction.Confirmed());
            if (changes.revision() > revision) {
                revision = changes.revision();
                Set<String> changed = new HashSet<>();
                for (Change change : changes.changes()) {
                    apply(change);
                    changed.add(change.key());
                }
                actions.add(new MirrorAction.Publish(new MirrorUpdate(revision, changed, History.CONTINUED)));
            }
        } else if (event instanceof WatchEvent.Progress progress) {
            actions.add(new MirrorAction.Confirmed());
            revision = Math.max(revision, progress.revision());
        } else if (event instanceof WatchEvent.Ended ended) {
            watching = false;
            actions.add(new MirrorAction.Disconnected("watch ended: " + ended.reason()));
            boolean hasty = now - watchOpenedAt < settings.longestRetry().toNanos();
            hastyEnds = hasty ? hastyEnds + 1 : 0;
            // Watches that end as soon as they begin must not become a storm of reads.
            readSoon(now, hastyEnds < 2 ? spread() : retryDelay(hastyEnds - 2));
        }
    }

    private void apply(Change change) {
        if (change instanceof Change.Put put) {
            entries.put(put.key(), put.entry());
        } else {
            entries.remove(change.key());
        }
    }

    private void onSnapshot(Snapshot snapshot, long now, List<MirrorAction> actions) {
        boolean first = storeIdentity == null;
        boolean wentBack = !first
                && (snapshot.revision() < revisionBeforeRead
                        || !snapshot.storeIdentity().equals(storeIdentity));
        if (!wentBack && snapshot.revision() < revision) {
            onOvertakenRead(now, actions);
            return;
        }
        if (wentBack) {
            actions.add(new MirrorAction.WarnHistoryWentBack(revision, snapshot.revision()));
        }
        Set<String> changed = replaceEntries(snapshot);
        if (watching && !wentBack) {
            warnOfMissedChanges(changed, actions);
        }
        storeIdentity = snapshot.storeIdentity();
        revision = snapshot.revision();
        actions.add(new MirrorAction.Confirmed());
        History history = wentBack ? History.WENT_BACK : watching || first ? History.CONTINUED : History.READ_AFRESH;
        actions.add(new MirrorAction.Publish(new MirrorUpdate(revision, changed, history)));
        if (watching && wentBack) {
            watching = false;
            actions.add(new MirrorAction.CloseWatch());
        }
        if (!watching) {
            watching = true;
            watchNumber++;
            watchOpenedAt = now;
            actions.add(new MirrorAction.OpenWatch(watchNumber, revision + 1));
        }
        scheduleVerification(now);
    }

    /** The watch told of more while the read was under way, so the read has nothing to add. */
    private void onOvertakenRead(long now, List<MirrorAction> actions) {
        if (!watching) {
            readSoon(now, 0);
            return;
        }
        actions.add(new MirrorAction.Confirmed());
        actions.add(new MirrorAction.Publish(new MirrorUpdate(revision, Set.of(), History.CONTINUED)));
        scheduleVerification(now);
    }

    /** A difference that the watch may yet report is only late; one at a revision that it has passed was missed. */
    private void warnOfMissedChanges(Set<String> changed, List<MirrorAction> actions) {
        for (String key : changed) {
            Entry entry = entries.get(key);
            if (entry != null && entry.modRevision() <= revision) {
                actions.add(new MirrorAction.WarnWatchMissedChange(key));
            }
        }
    }

    private Set<String> replaceEntries(Snapshot snapshot) {
        TreeMap<String, Entry> fresh = new TreeMap<>();
        for (Entry entry : snapshot.entries()) {
            fresh.put(entry.key(), entry);
        }
        Set<String> changed = new HashSet<>();
        for (String key : entries.keySet()) {
            if (!fresh.containsKey(key)) {
                changed.add(key);
            }
        }
        fresh.forEach((key, entry) -> {
            if (!Objects.equals(entry, entries.get(key))) {
                changed.add(key);
            }
        });
        entries.clear();
        entries.putAll(fresh);
        return changed;
    }

    private void scheduleVerification(long now) {
        long interval = settings.verifyInterval().toNanos();
        if (!readWanted) {
            readSoon(now, interval - interval / 4 + randomUpTo(interval / 2));
        }
    }

    private void readSoon(long now, long delay) {
        long at = now + delay;
        if (!readWanted || at - nextReadAt < 0) {
            nextReadAt = at;
        }
        readWanted = true;
    }

    private long retryDelay(int failuresBefore) {
        long delay = settings.firstRetry().toNanos();
        for (int i = 0; i < failuresBefore && delay < settings.longestRetry().toNanos(); i++) {
            delay *= 2;
        }
        delay = Math.min(delay, settings.longestRetry().toNanos());
        return delay - delay / 4 + randomUpTo(delay / 2) + spreadOfLargeCopy();
    }

    private long spread() {
        return randomUpTo(settings.spread().toNanos()) + spreadOfLargeCopy();
    }

    private long spreadOfLargeCopy() {
        return randomUpTo(settings.spreadOfLargeCopy(entries.size()).toNanos());
    }

    private long randomUpTo(long bound) {
        return bound <= 0 ? 0 : jitter.nextLong(bound + 1);
    }
}
