package org.bucketkeeper.examples.benchmarks;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.redis.RedisStore;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Transaction;

/** Measures what the adapter for Redis costs, beside bare commands of its client. */
final class RedisFigures {

    private static final int AT_ONCE = 64;
    private static final int SERVERS = 10;
    private static final Set<String> COUNTED = Set.of("evalsha", "eval", "xread", "ping");

    /** How much is measured. */
    enum Length {
        /** To see that everything runs. */
        QUICK(100, 1),
        FULL(3_000, 10);

        private final int samples;
        private final int seconds;

        Length(int samples, int seconds) {
            this.samples = samples;
            this.seconds = seconds;
        }
    }

    private final String uri;
    private final String prefix;
    private final Length length;

    /** @param prefix the beginning of the keys to write, which nothing else uses; they are deleted in the end */
    RedisFigures(String uri, String prefix, Length length) {
        this.uri = uri;
        this.prefix = prefix;
        this.length = length;
    }

    void measure(Consumer<Figure> print) throws InterruptedException, TimeoutException {
        try (RawRedis raw = new RawRedis(uri, prefix)) {
            commitToRouted(raw, print);
            transactionsPerSecond(raw, print);
            idleCommands(raw, print);
        }
    }

    private void commitToRouted(RawRedis raw, Consumer<Figure> print) throws InterruptedException, TimeoutException {
        int samples = length.samples;
        Percentiles floor = Percentiles.of(raw.addToRead("x".repeat(6_000), samples / 2, samples));
        try (CommitLatency latency = new CommitLatency(() -> RedisStore.connect(uri), prefix)) {
            CommitLatency.Times times = latency.measure(samples / 2, samples);
            print.accept(micros("commit to watched, redis, p50", times.watched().median(), floor.median()));
            print.accept(micros("commit to watched, redis, p99", times.watched().p99(), floor.p99()));
            print.accept(micros("commit to routed, redis, p50", times.routed().median(), floor.median()));
            print.accept(micros("commit to routed, redis, p99", times.routed().p99(), floor.p99()));
        }
    }

    private void transactionsPerSecond(RawRedis raw, Consumer<Figure> print)
            throws InterruptedException, TimeoutException {
        Duration time = Duration.ofSeconds(length.seconds);
        AtomicLong number = new AtomicLong();
        try (CoordinationStore store = RedisStore.connect(uri)) {
            StoreCalls.await(store.read(prefix));
            Throughput.of(() -> put(store, number), AT_ONCE, time.dividedBy(2));
            double floor = raw.scriptsPerSecond(AT_ONCE, time);
            double transactions = Throughput.of(() -> put(store, number), AT_ONCE, time);
            StoreCalls.delete(store, prefix);
            print.accept(new Figure("microseconds a transaction, redis", 1e6 / transactions, 1e6 / floor, "us", null));
        }
    }

    private CompletionStage<?> put(CoordinationStore store, AtomicLong number) {
        return store.commit(Transaction.builder()
                .put(prefix + "k" + number.incrementAndGet() % 256, "value")
                .build());
    }

    /** A cluster in which nothing happens. */
    private void idleCommands(RawRedis raw, Consumer<Figure> print) throws InterruptedException, TimeoutException {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        try {
            CoordinationStore monitorStore = RedisStore.connect(uri);
            open.push(monitorStore);
            open.push(ClusterMonitor.builder(monitorStore)
                    .prefix(prefix + "idle/")
                    .settleWindow(Duration.ofSeconds(1))
                    .compatibleKeys(CompatibleKeys.NOT_WRITTEN)
                    .start());
            for (int i = 0; i < SERVERS; i++) {
                CoordinationStore store = RedisStore.connect(uri);
                open.push(store);
                ClusterServer server = ClusterServer.builder(store)
                        .prefix(prefix + "idle/")
                        .node(NodeInfo.of("idle-" + i, "https://example.com/", "http://127.0.0.1/"))
                        .compatibleKeys(CompatibleKeys.NOT_WRITTEN)
                        .start();
                open.push(server);
                server.awaitRegistered(StoreCalls.PATIENCE);
            }
            try (BucketRouter router = BucketRouter.connect(monitorStore, prefix + "idle/")) {
                router.awaitReady(StoreCalls.PATIENCE);
            }
            TimeUnit.SECONDS.sleep(10);
            long before = raw.commands(COUNTED);
            long start = System.nanoTime();
            TimeUnit.SECONDS.sleep(6L * length.seconds);
            double seconds = (System.nanoTime() - start) / 1e9;
            print.accept(new Figure(
                    "commands a second of an idle cluster of " + SERVERS + ", redis",
                    (raw.commands(COUNTED) - before) / seconds,
                    null,
                    "/s",
                    null));
        } finally {
            close(open);
            try (CoordinationStore store = RedisStore.connect(uri)) {
                StoreCalls.deleteCluster(store, prefix + "idle/");
            }
        }
    }

    private static void close(Deque<AutoCloseable> open) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Figure micros(String name, long nanos, long floorNanos) {
        return new Figure(name, nanos / 1000.0, floorNanos / 1000.0, "us", null);
    }
}
