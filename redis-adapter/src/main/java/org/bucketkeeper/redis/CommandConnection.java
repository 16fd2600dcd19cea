package org.bucketkeeper.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.bucketkeeper.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection that scripts are run on: opened when it is first needed, and again when it broke. A script waits for
 * a connection but is never sent a second time, save where the server said that it has not run it.
 */
final class CommandConnection {

    private static final Logger LOG = LoggerFactory.getLogger(CommandConnection.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final String store;
    private final Supplier<CompletableFuture<ServerConnection>> connector;
    private final Runnable onOtherServer;
    private final ScheduledExecutorService timer;
    private String history = "";
    private @Nullable CompletableFuture<ServerConnection> latest;
    private String trouble = "";
    private boolean closed;

    /**
     * @param store names the store in messages
     * @param onOtherServer is called when scripts go to another server, or to one that was another, from now on
     */
    CommandConnection(
            String store,
            Supplier<CompletableFuture<ServerConnection>> connector,
            Runnable onOtherServer,
            ScheduledExecutorService timer) {
        this.store = store;
        this.connector = connector;
        this.onOtherServer = onOtherServer;
        this.timer = timer;
    }

    /**
     * Runs a script; fails if there is no connection to be had, or if it broke while the script was under way.
     *
     * @param wanted is asked before it is sent: what came to its end while a connection was waited for must not run late
     */
    CompletableFuture<List<String>> run(Script script, List<String> arguments, BooleanSupplier wanted) {
        return current()
                .thenCompose(connection -> send(connection, script, arguments, wanted)
                        .exceptionallyCompose(error -> {
                            if (!Errors.isWrongServer(error)) {
                                return CompletableFuture.failedFuture(error);
                            }
                            LOG.info(
                                    "{}: {} is not the server to ask any more: {}",
                                    store,
                                    connection,
                                    Errors.describe(error));
                            connection.close();
                            return current().thenCompose(other -> send(other, script, arguments, wanted));
                        }));
    }

    private static CompletableFuture<List<String>> send(
            ServerConnection connection, Script script, List<String> arguments, BooleanSupplier wanted) {
        return wanted.getAsBoolean()
                ? connection.run(script, arguments)
                : CompletableFuture.failedFuture(new StoreException("no connection came in time; nothing was sent"));
    }

    /** Returns the replication id of the server that scripts were last sent to; empty before the first. */
    synchronized String history() {
        return history;
    }

    /** Lets go of the connection, which may be dead without knowing it; the next script has a new one opened. */
    void breakOff() {
        CompletableFuture<ServerConnection> known;
        synchronized (this) {
            known = latest;
        }
        if (known != null && known.isDone() && !known.isCompletedExceptionally()) {
            known.join().close();
        }
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        breakOff();
    }

    private CompletableFuture<ServerConnection> current() {
        CompletableFuture<ServerConnection> next = new CompletableFuture<>();
        CompletableFuture<ServerConnection> known;
        synchronized (this) {
            known = latest;
            if (closed) {
                return CompletableFuture.failedFuture(new StoreException("the store is closed"));
            }
            if (known != null && (!known.isDone() || isOpen(known))) {
                return known;
            }
            latest = next;
        }
        // Whoever is told of the connection may call the store, so the monitor must be free by then.
        CompletableFuture<ServerConnection> connecting = known != null && known.isCompletedExceptionally()
                ? pause().thenCompose(over -> connector.get())
                : connector.get();
        CompletableFuture<ServerConnection> unused = connecting.whenComplete((connection, error) -> {
            connected(connection, error);
            if (connection != null) {
                next.complete(connection);
            } else {
                next.completeExceptionally(error == null ? new StoreException("there is no connection") : error);
            }
        });
        return next;
    }

    private static boolean isOpen(CompletableFuture<ServerConnection> known) {
        return !known.isCompletedExceptionally() && known.join().isOpen();
    }

    /** Many clients come back to a server at once; they do so a little apart from one another. */
    private CompletableFuture<Boolean> pause() {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        long millis = ThreadLocalRandom.current().nextLong(SHORTEST_PAUSE.toMillis(), LONGEST_PAUSE.toMillis());
        try {
            var unused = timer.schedule(() -> over.complete(true), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            over.completeExceptionally(new StoreException("the store is closed", e));
        }
        return over;
    }

    private void connected(@Nullable ServerConnection connection, @Nullable Throwable error) {
        String text = error == null ? "" : Errors.describe(error);
        boolean news;
        boolean other = false;
        synchronized (this) {
            if (closed) {
                if (connection != null) {
                    connection.close();
                }
                return;
            }
            news = !text.equals(trouble);
            trouble = text;
            if (connection != null) {
                other = !history.isEmpty() && !history.equals(connection.history());
                history = connection.history();
            }
        }
        if (other) {
            onOtherServer.run();
        }
        if (connection != null) {
            LOG.info("{}: connected to {}", store, connection);
        } else if (news) {
            LOG.warn("{}: cannot connect, trying again when needed: {}", store, text);
        }
    }
}
