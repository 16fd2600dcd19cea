package org.bucketkeeper.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the server that has the store now: the primary, and of a Redis Cluster the one that the keys
 * belong to. A connection counts as open when that server has answered a script, so that nothing is asked before the
 * server's data were looked at, and a server that does not answer is found out here.
 */
final class Connector {

    private static final int MOST_REDIRECTS = 5;

    private final RedisClient client;
    private final List<RedisURI> seeds;
    private final Keys keys;
    private final List<String> settings;
    private final Duration timeout;
    private final ScheduledExecutorService timer;
    private final Set<ServerConnection> open = ConcurrentHashMap.newKeySet();

    /** How many connections are open or being opened, and one more until {@link #close}. */
    private final AtomicInteger uses = new AtomicInteger(1);

    private final CompletableFuture<Void> allClosed = new CompletableFuture<>();
    private volatile @Nullable RedisURI last;
    private volatile boolean closed;

    /**
     * @param seeds where to try, in this order, after where it went well last
     * @param settings the arguments that all scripts get
     * @param timeout how long a server may take to answer the first script
     */
    Connector(
            RedisClient client,
            List<RedisURI> seeds,
            Keys keys,
            List<String> settings,
            Duration timeout,
            ScheduledExecutorService timer) {
        this.client = client;
        this.seeds = List.copyOf(seeds);
        this.keys = keys;
        this.settings = settings;
        this.timeout = timeout;
        this.timer = timer;
    }

    /** Opens a connection; fails, within a bounded time, with what the servers that were tried said. */
    CompletableFuture<ServerConnection> connect() {
        // An address that hangs costs its time once, and not whoever connects.
        Set<RedisURI> candidates = new LinkedHashSet<>();
        RedisURI known = last;
        if (known != null) {
            candidates.add(known);
        }
        candidates.addAll(seeds);
        return firstOf(List.copyOf(candidates), new ArrayList<>());
    }

    private CompletableFuture<ServerConnection> firstOf(List<RedisURI> candidates, List<Throwable> failures) {
        if (failures.size() == candidates.size()) {
            last = null;
            String all = failures.stream().map(Errors::describe).distinct().collect(Collectors.joining("; "));
            return CompletableFuture.failedFuture(new StoreException(
                    "no server can be used: " + all, Errors.unwrap(failures.get(failures.size() - 1))));
        }
        return open(candidates.get(failures.size()), MOST_REDIRECTS).exceptionallyCompose(failure -> {
            failures.add(failure);
            return firstOf(candidates, failures);
        });
    }

    private CompletableFuture<ServerConnection> open(RedisURI uri, int redirectsLeft) {
        Endpoint server = endpoint(uri);
        return opened(server, uri)
                .thenCompose(connection -> greet(connection)
                        .thenApply(greeted -> {
                            last = uri;
                            return connection;
                        })
                        .exceptionallyCompose(error -> {
                            connection.close();
                            Endpoint owner = Errors.movedTo(error, server);
                            return owner != null && redirectsLeft > 0
                                    ? follow(uri, owner, redirectsLeft - 1)
                                    : CompletableFuture.failedFuture(new StoreException(
                                            connection + " said: " + Errors.describe(error), Errors.unwrap(error)));
                        }));
    }

    private CompletableFuture<ServerConnection> opened(Endpoint server, RedisURI uri) {
        uses.incrementAndGet();
        if (closed) {
            letGo();
            return CompletableFuture.failedFuture(new StoreException("the store is closed"));
        }
        return client.connectAsync(StringCodec.UTF8, uri)
                .toCompletableFuture()
                .whenComplete((opened, error) -> {
                    if (opened == null) {
                        letGo();
                    }
                })
                .thenApply(opened -> {
                    ServerConnection connection = new ServerConnection(server, opened, keys, settings);
                    open.add(connection);
                    CompletableFuture<Void> unused = connection.closed().thenRun(() -> {
                        open.remove(connection);
                        letGo();
                    });
                    if (closed) {
                        connection.close();
                    }
                    return connection;
                });
    }

    /** Closes all connections, to be called once; what is returned is complete once none is open, or about to be. */
    CompletableFuture<Void> close() {
        closed = true;
        open.forEach(ServerConnection::close);
        letGo();
        return allClosed;
    }

    private void letGo() {
        if (uses.decrementAndGet() == 0) {
            allClosed.complete(null);
        }
    }

    private CompletableFuture<ServerConnection> follow(RedisURI from, Endpoint owner, int redirectsLeft) {
        RedisURI uri = RedisURI.builder(from).build();
        uri.setHost(owner.host());
        uri.setPort(owner.port());
        return open(uri, redirectsLeft);
    }

    private CompletableFuture<List<String>> greet(ServerConnection connection) {
        Future<?> limit;
        try {
            limit = timer.schedule(connection::close, timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new StoreException("the store is closed", e));
        }
        return connection.run(Script.SWEEP, List.of()).whenComplete((answer, error) -> {
            limit.cancel(false);
            if (answer != null) {
                connection.greeted(answer.get(2));
            }
        });
    }

    /** Of a primary that the sentinels name it is not known here, and not needed, who it is. */
    private static Endpoint endpoint(RedisURI uri) {
        return uri.getSentinels().isEmpty()
                ? new Endpoint(uri.getHost(), uri.getPort())
                : endpoint(uri.getSentinels().get(0));
    }
}
