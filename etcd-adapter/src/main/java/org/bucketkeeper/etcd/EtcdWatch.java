package org.bucketkeeper.etcd;

import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Watch;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchEvent.Reason;
import org.bucketkeeper.store.WatchListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch on one gRPC stream, which lives at most as long as that stream. Whatever happens to it, and whatever
 * comes that should not, ends it: the caller's read and new watch are the only way on, so that no gap can stay unseen.
 *
 * <p>etcd puts all changes of one revision in one response unless fragments are asked for, which jetcd does not. A
 * change that is not newer than the last revision reported would be the rest of a revision that was split, or history
 * told twice; it cannot be told which, and so it ends the watch as well.
 *
 * <p>Changes are reported on the thread that received them. The end is reported on another, since jetcd holds a lock
 * over all watches while it reports an error; the monitor {@code delivery} keeps the two apart.
 */
final class EtcdWatch implements Watch, io.etcd.jetcd.Watch.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdWatch.class);

    private final String name;
    private final String prefix;
    private final long fromRevision;
    private final WatchListener listener;
    private final Consumer<EtcdWatch> onOver;
    private final Executor executor;

    private final Object delivery = new Object();
    private long reported;
    private volatile boolean created;
    private volatile io.etcd.jetcd.Watch.@Nullable Watcher watcher;
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile boolean over;

    /**
     * @param store names the store in messages
     * @param onOver is told, perhaps more than once, that the watch is over
     * @param executor reports the end; may refuse when the store is closed
     */
    EtcdWatch(
            String store,
            String prefix,
            long fromRevision,
            WatchListener listener,
            Consumer<EtcdWatch> onOver,
            Executor executor) {
        this.name = store + " watch of \"" + prefix + "\" from revision " + fromRevision;
        this.prefix = prefix;
        this.fromRevision = fromRevision;
        this.listener = listener;
        this.onOver = onOver;
        this.executor = executor;
        this.reported = fromRevision - 1;
    }

    /** Sends the request; to be called once. */
    void open(io.etcd.jetcd.Watch client) {
        WatchOption option = WatchOption.builder()
                .withRange(Wire.endKey(prefix))
                .withRevision(fromRevision)
                .withCreateNotify(true)
                .withProgressNotify(true)
                .withRequireLeader(true)
                .build();
        try {
            watcher = client.watch(Wire.firstKey(prefix), option, this);
        } catch (RuntimeException e) {
            end(Reason.DISCONNECTED, e);
        }
        if (over) {
            release();
        }
    }

    /** Ends the watch if the server has not accepted it yet. */
    void endIfNotAccepted() {
        if (!created) {
            end(Reason.DISCONNECTED, new StoreException(name + " was not accepted in time"));
        }
    }

    @Override
    public void close() {
        over = true;
        release();
    }

    /** Ends the watch; does nothing if it is over, or about to be, already. */
    void end(Reason reason, Throwable cause) {
        if (over || !ending.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(() -> reportEnd(reason, cause));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} needs no end: the store is closed", name, e);
        }
    }

    private void reportEnd(Reason reason, Throwable cause) {
        synchronized (delivery) {
            if (over) {
                return;
            }
            over = true;
            LOG.info("{} ended, {}: {}", name, reason, Errors.describe(cause));
            try {
                listener.onEvent(new WatchEvent.Ended(reason, cause));
            } catch (RuntimeException e) {
                LOG.warn("{}: the listener failed on the end of its watch", name, e);
            }
        }
        release();
    }

    private void release() {
        onOver.accept(this);
        io.etcd.jetcd.Watch.Watcher opened = watcher;
        if (opened != null) {
            opened.close();
        }
    }

    @Override
    public void onError(Throwable error) {
        end(error instanceof CompactedException ? Reason.COMPACTED : Reason.DISCONNECTED, error);
    }

    /** jetcd calls this also when it closes the watch by itself. */
    @Override
    public void onCompleted() {
        end(Reason.DISCONNECTED, new StoreException(name + " was ended by the server"));
    }

    @Override
    public void onNext(WatchResponse response) {
        synchronized (delivery) {
            if (over) {
                return;
            }
            try {
                take(response);
            } catch (RuntimeException e) {
                LOG.warn("{}: ends because an event could not be handled", name, e);
                // Nothing may follow what was not taken, so the end cannot wait for its turn.
                reportEnd(Reason.DISCONNECTED, e);
            }
        }
    }

    private void take(WatchResponse response) {
        long revision = response.getHeader().getRevision();
        if (response.isCreatedNotify()) {
            accept();
        } else if (!created) {
            throw new StoreException(name + " got events before it was accepted");
        } else if (response.isProgressNotify()) {
            progress(revision);
        } else {
            report(response.getEvents());
        }
    }

    private void accept() {
        if (created) {
            throw new StoreException(name + " was opened again behind our back");
        }
        created = true;
        LOG.debug("{} runs", name);
    }

    private void progress(long revision) {
        if (revision >= reported) {
            reported = revision;
            listener.onEvent(new WatchEvent.Progress(revision));
        } else if (reported >= fromRevision) {
            throw wentBack(revision);
        }
    }

    private void report(List<io.etcd.jetcd.watch.WatchEvent> events) {
        List<Change> changes = new ArrayList<>();
        for (io.etcd.jetcd.watch.WatchEvent event : events) {
            Change change = Wire.change(event);
            if (!changes.isEmpty() && changes.get(0).revision() != change.revision()) {
                report(changes.get(0).revision(), changes);
                changes.clear();
            }
            changes.add(change);
        }
        if (!changes.isEmpty()) {
            report(changes.get(0).revision(), changes);
        }
    }

    private void report(long revision, List<Change> changes) {
        if (revision <= reported) {
            throw wentBack(revision);
        }
        reported = revision;
        if (!over) {
            listener.onEvent(new WatchEvent.Changes(revision, changes));
        }
    }

    private StoreException wentBack(long revision) {
        return new StoreException(name + " got revision " + revision + " after " + reported);
    }

    @Override
    public String toString() {
        return name;
    }
}
