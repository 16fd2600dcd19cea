package org.bucketkeeper.redis;

import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
 * One watch: reads the change log on a connection of its own, since a blocking read lets nothing else pass, and lives
 * at most as long as that connection.
 *
 * <p>The log has one entry for each revision, so whatever is missing shows itself as a gap in the numbers; then, and
 * when the server does not answer in time, the watch ends, and the caller's read and new watch are the only way on.
 *
 * <p>The monitor {@code delivery} keeps events apart, which come from the connection's thread, and the end, which may
 * come from another.
 */
final class RedisWatch implements Watch {

    private static final Logger LOG = LoggerFactory.getLogger(RedisWatch.class);

    /** How long the server waits for a change before it says that there was none: its sign of life. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    private final String name;
    private final String prefix;
    private final WatchListener listener;
    private final Duration patience;
    private final Consumer<RedisWatch> onOver;
    private final ScheduledExecutorService timer;

    private final Object delivery = new Object();
    private long next;
    private volatile @Nullable ServerConnection connection;
    private volatile @Nullable Future<?> limit;
    private volatile boolean over;

    /**
     * @param store names the store in messages
     * @param patience how long the server may take for an answer that it is not asked to wait with
     * @param onOver is told, perhaps more than once, that the watch is over
     */
    RedisWatch(
            String store,
            String prefix,
            long fromRevision,
            WatchListener listener,
            Duration patience,
            Consumer<RedisWatch> onOver,
            ScheduledExecutorService timer) {
        this.name = store + " watch of \"" + prefix + "\" from revision " + fromRevision;
        this.prefix = prefix;
        this.next = fromRevision;
        this.listener = listener;
        this.patience = patience;
        this.onOver = onOver;
        this.timer = timer;
    }

    /** Starts to read on a connection, which comes within a bounded time and closes with the watch; to be called once. */
    void open(CompletableFuture<ServerConnection> connecting) {
        CompletableFuture<ServerConnection> unused = connecting.whenComplete((opened, error) -> {
            if (opened == null) {
                end(Reason.DISCONNECTED, error == null ? null : Errors.unwrap(error));
            } else {
                begin(opened);
            }
        });
    }

    private void begin(ServerConnection opened) {
        connection = opened;
        if (over) {
            opened.close();
            return;
        }
        opened.whenGone(() -> end(Reason.DISCONNECTED, new StoreException(name + " lost its connection")));
        LOG.debug("{} runs", name);
        readOn(opened);
    }

    private void readOn(ServerConnection opened) {
        if (over) {
            return;
        }
        expectWithin(SIGN_OF_LIFE.plus(patience), "got no sign of life");
        var unused = opened.readLog(next - 1, SIGN_OF_LIFE).whenComplete((messages, error) -> {
            if (messages == null) {
                end(Reason.DISCONNECTED, error);
            } else if (report(messages)) {
                readOn(opened);
            }
        });
    }

    /** Returns false if the watch is over. */
    private boolean report(List<StreamMessage<String, String>> messages) {
        synchronized (delivery) {
            try {
                for (StreamMessage<String, String> message : messages) {
                    if (over) {
                        return false;
                    }
                    report(message);
                }
            } catch (RuntimeException e) {
                LOG.warn("{}: ends because an event could not be handled", name, e);
                end(Reason.DISCONNECTED, e);
            }
            return !over;
        }
    }

    private void report(StreamMessage<String, String> message) {
        long revision = Wire.revision(message);
        if (revision != next) {
            end(
                    Reason.COMPACTED,
                    new StoreException(name + " found revision " + revision + " where " + next
                            + " should be: the log was cut, or the server's data may have gone back"));
            return;
        }
        next = revision + 1;
        List<Change> changes = Wire.changes(message, prefix);
        if (!changes.isEmpty()) {
            listener.onEvent(new WatchEvent.Changes(revision, changes));
        }
    }

    /** Ends the watch; does nothing if it is over already. */
    void end(Reason reason, @Nullable Throwable cause) {
        synchronized (delivery) {
            if (over) {
                return;
            }
            over = true;
            LOG.info("{} ended, {}: {}", name, reason, cause == null ? "" : Errors.describe(cause));
            try {
                listener.onEvent(new WatchEvent.Ended(reason, cause));
            } catch (RuntimeException e) {
                LOG.warn("{}: the listener failed on the end of its watch", name, e);
            }
        }
        release();
    }

    @Override
    public void close() {
        over = true;
        release();
    }

    private void release() {
        onOver.accept(this);
        Future<?> pending = limit;
        if (pending != null) {
            pending.cancel(false);
        }
        ServerConnection opened = connection;
        if (opened != null) {
            opened.close();
        }
    }

    private void expectWithin(Duration time, String otherwise) {
        Future<?> former = limit;
        if (former != null) {
            former.cancel(false);
        }
        try {
            limit = timer.schedule(
                    () -> end(Reason.DISCONNECTED, new StoreException(name + " " + otherwise + " in time")),
                    time.toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} needs no limit: the store is closed", name, e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
