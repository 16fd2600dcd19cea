package org.bucketkeeper.internal.mirror;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.driver.StateMachineDriver;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Watch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local copy of the keys under a prefix that several protocols of one process share, so that the process needs one
 * watch. To be used on its loop only, except {@link #freshness()}.
 */
public final class Mirror {

    private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);

    private final EventLoop loop;
    private final CoordinationStore store;
    private final String prefix;
    private final MirrorMachine machine;
    private final StateMachineDriver<MirrorEvent, MirrorAction> driver;
    private final List<Consumer<MirrorUpdate>> subscribers = new ArrayList<>();
    private final Map<Class<?>, Object> derived = new ConcurrentHashMap<>();
    private volatile Freshness freshness;
    private @Nullable Watch watch;
    private boolean everConnected;

    /** Creates a mirror that follows nothing until {@link #start()}. */
    public Mirror(
            EventLoop loop, CoordinationStore store, String prefix, MirrorSettings settings, RandomGenerator jitter) {
        this.loop = loop;
        this.store = store;
        this.prefix = prefix;
        this.machine = new MirrorMachine(settings, jitter);
        this.driver = new StateMachineDriver<>(loop, machine, this::perform);
        this.freshness = new Freshness(false, loop.nanoTime());
    }

    /** Begins to follow the store. */
    public void start() {
        driver.send(new MirrorEvent.Started());
    }

    /** Stops following; the copy stays as it is. */
    public void stop() {
        driver.stop();
        closeWatch();
    }

    /** Calls {@code subscriber} on the loop at every change, and once soon if the first read has been done already. */
    public void subscribe(Consumer<MirrorUpdate> subscriber) {
        subscribers.add(subscriber);
        if (isReady()) {
            subscriber.accept(new MirrorUpdate(revision(), machine.entries().keySet(), MirrorUpdate.History.CONTINUED));
        }
    }

    /**
     * Asks for a comparison with the store now, for whoever learned that the copy is out of date. Subscribers are
     * called when it is done, even if nothing differed.
     */
    public void refresh() {
        driver.send(new MirrorEvent.RefreshRequested());
    }

    /** Tells whether the first read has been done. */
    public boolean isReady() {
        return machine.revision() > 0;
    }

    /** Returns the revision that the copy shows; 0 before the first read. */
    public long revision() {
        return machine.revision();
    }

    /** Returns the entry with {@code key}; null if the copy has none. */
    public @Nullable Entry get(String key) {
        return machine.entries().get(key);
    }

    /** Returns the entries whose keys start with {@code keyPrefix}, ordered by key; a view that changes with the copy. */
    public NavigableMap<String, Entry> under(String keyPrefix) {
        return machine.entries().subMap(keyPrefix, true, keyPrefix + Character.MAX_VALUE, false);
    }

    /**
     * Returns what is derived from this copy and kept once for all who read it: made when it is first asked for; callable
     * from any thread.
     */
    public <T> T derived(Class<T> type, Supplier<T> maker) {
        return type.cast(derived.computeIfAbsent(type, first -> maker.get()));
    }

    /** Tells how current the copy is; callable from any thread. */
    public Freshness freshness() {
        return freshness;
    }

    private void perform(MirrorAction action) {
        if (action instanceof MirrorAction.Read read) {
            read(read.readNumber());
        } else if (action instanceof MirrorAction.OpenWatch open) {
            closeWatch();
            watch = store.watch(
                    prefix,
                    open.fromRevision(),
                    event -> driver.send(new MirrorEvent.Watched(open.watchNumber(), event)));
        } else if (action instanceof MirrorAction.CloseWatch) {
            closeWatch();
        } else if (action instanceof MirrorAction.Publish publish) {
            publish(publish.update());
        } else if (action instanceof MirrorAction.Confirmed) {
            confirmed();
        } else if (action instanceof MirrorAction.Disconnected disconnected) {
            disconnected(disconnected.reason());
        } else if (action instanceof MirrorAction.WarnHistoryWentBack back) {
            LOG.warn(
                    "The store's history went back: prefix={} fromRevision={} toRevision={}",
                    prefix,
                    back.fromRevision(),
                    back.toRevision());
        } else if (action instanceof MirrorAction.WarnWatchMissedChange missed) {
            LOG.warn("The watch passed a change without reporting it: key={}", missed.key());
        }
    }

    /** Tells all subscribers, whatever one of them throws. */
    private void publish(MirrorUpdate update) {
        for (Consumer<MirrorUpdate> subscriber : List.copyOf(subscribers)) {
            try {
                subscriber.accept(update);
            } catch (RuntimeException e) {
                LOG.error("A change could not be dealt with: prefix={} revision={}", prefix, update.revision(), e);
            }
        }
    }

    private void read(long readNumber) {
        store.read(prefix).whenComplete((snapshot, failure) -> {
            if (failure == null) {
                driver.send(new MirrorEvent.ReadSucceeded(readNumber, snapshot));
            } else {
                driver.send(new MirrorEvent.ReadFailed(readNumber, StoreException.from(failure)));
            }
        });
    }

    private void confirmed() {
        if (!freshness.connected()) {
            LOG.info(
                    "{}: prefix={} revision={}",
                    everConnected ? "Store is back" : "Store is there",
                    prefix,
                    revision());
        }
        everConnected = true;
        freshness = new Freshness(true, loop.nanoTime());
    }

    private void disconnected(String reason) {
        Freshness before = freshness;
        if (before.connected()) {
            LOG.info(
                    "Lost touch with the store, reading again: prefix={} revision={} reason={}",
                    prefix,
                    revision(),
                    reason);
        } else {
            LOG.warn(
                    "Store is out of reach, trying again: prefix={} revision={} reason={}", prefix, revision(), reason);
        }
        freshness = new Freshness(false, before.confirmedAt());
    }

    private void closeWatch() {
        Watch open = watch;
        if (open != null) {
            open.close();
            watch = null;
        }
    }
}
