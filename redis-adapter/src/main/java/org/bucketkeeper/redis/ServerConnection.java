package org.bucketkeeper.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bucketkeeper.config.Endpoint;

/** One connection to one server, for as long as it lasts: it is never opened again. Thread-safe; does not block. */
final class ServerConnection {

    private static final int MOST_AT_ONCE = 256;

    private final Endpoint server;
    private final StatefulRedisConnection<String, String> connection;
    private final Keys keys;
    private final String[] settings;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile String history = "";

    /** @param settings the arguments that all scripts get */
    ServerConnection(
            Endpoint server, StatefulRedisConnection<String, String> connection, Keys keys, List<String> settings) {
        this.server = server;
        this.connection = connection;
        this.keys = keys;
        this.settings = settings.toArray(String[]::new);
        whenGone(this::close);
    }

    Endpoint server() {
        return server;
    }

    /** Notes which server this is: the replication id that it had when it was greeted, which no other primary has. */
    void greeted(String newHistory) {
        history = newHistory;
    }

    /** Returns what {@link #greeted} noted; empty before. */
    String history() {
        return history;
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /** Runs a script once; what it answers is text. Fails if the connection breaks, and then it may have run or not. */
    CompletableFuture<List<String>> run(Script script, List<String> arguments) {
        String[] all = new String[settings.length + arguments.size()];
        System.arraycopy(settings, 0, all, 0, settings.length);
        for (int i = 0; i < arguments.size(); i++) {
            all[settings.length + i] = arguments.get(i);
        }
        CompletionStage<List<String>> known =
                connection.async().evalsha(script.digest(), ScriptOutputType.MULTI, keys.inScriptOrder(), all);
        return known.exceptionallyCompose(error -> Errors.isUnknownScript(error)
                        ? connection.async().eval(script.text(), ScriptOutputType.MULTI, keys.inScriptOrder(), all)
                        : CompletableFuture.failedStage(error))
                .toCompletableFuture();
    }

    /** Waits for entries of the change log behind a revision; empty if none came in time. */
    // The array of offsets that the compiler makes of the one is seen by nobody else.
    @SuppressWarnings("unchecked")
    CompletableFuture<List<StreamMessage<String, String>>> readLog(long behind, Duration atMost) {
        XReadArgs limits = XReadArgs.Builder.block(atMost).count(MOST_AT_ONCE);
        return connection
                .async()
                .xread(limits, StreamOffset.from(keys.log(), behind + "-0"))
                .toCompletableFuture();
    }

    /** Calls {@code task} once the connection is gone; perhaps more than once, and at once if it is gone already. */
    void whenGone(Runnable task) {
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {}

            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                task.run();
            }
        });
        if (!connection.isOpen()) {
            task.run();
        }
    }

    /** Closes the connection, also if it is gone already: until then the client remembers it. */
    void close() {
        if (closing.compareAndSet(false, true)) {
            CompletableFuture<Void> unused =
                    connection.closeAsync().whenComplete((nothing, error) -> closed.complete(null));
        }
    }

    /** Returns what is complete once the connection is closed and nothing remembers it. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    @Override
    public String toString() {
        return server.toString();
    }
}
