package org.bucketkeeper.examples.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.bucket.Bucket;

/**
 * Writes and reads bases through a proxy, over HTTP and WebSockets, for as long as it runs, and keeps the history that
 * {@link HistoryChecker} judges. The bases are new ones, spread over all buckets.
 *
 * <p>Uses a thread for each writer and a few for the WebSockets; {@link #close()} ends them.
 */
public final class LoadGenerator implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int APPENDS_A_READ = 3;
    private static final Duration SOCKETS_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_END = Duration.ofSeconds(30);

    private final LoadSettings settings;
    private final List<String> bases = new ArrayList<>();
    private final List<Thread> writers = new ArrayList<>();
    private final List<BaseWatcher> watchers = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2, work -> {
        Thread thread = new Thread(work, "load-sockets");
        thread.setDaemon(true);
        return thread;
    });
    private final History history;
    private final BaseClient client;
    private volatile boolean stopping;

    private LoadGenerator(URI proxy, LoadSettings settings, History history) {
        this.settings = settings;
        this.history = history;
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .build();
        this.client = new BaseClient(http, proxy, null, history, TIMEOUT);
        for (int i = 0; i < settings.bases(); i++) {
            bases.add(newBase(Bucket.of(i * Bucket.COUNT / settings.bases())));
        }
        for (int i = 0; i < settings.sockets(); i++) {
            watchers.add(new BaseWatcher("socket-" + i, bases.get(i), http, proxy, history, timer));
        }
    }

    /** Starts the load. */
    public static LoadGenerator start(URI proxy, LoadSettings settings, History history) {
        LoadGenerator load = new LoadGenerator(proxy, settings, history);
        for (String base : load.bases) {
            Thread writer = new Thread(() -> load.write("writer-" + base, base), "load-" + base);
            writer.setDaemon(true);
            load.writers.add(writer);
            writer.start();
        }
        load.watchers.forEach(BaseWatcher::connect);
        for (int i = 0; i < load.watchers.size(); i += 2) {
            BaseWatcher watcher = load.watchers.get(i);
            var unused = load.timer.scheduleWithFixedDelay(
                    () -> load.appendOver(watcher), 0, SOCKETS_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
        return load;
    }

    /** Returns the UUID of a new base in a bucket, undashed. */
    public static String newBase(Bucket bucket) {
        String random = UUID.randomUUID().toString().replace("-", "");
        return (bucket + random.substring(2)).toLowerCase(Locale.ROOT);
    }

    /** Returns the bases, 32 hex digits each. */
    public List<String> bases() {
        return List.copyOf(bases);
    }

    /**
     * Ends the load, waits until everything asked has its answer, reads every base once more, and waits until all who watch
     * have seen as much, 30 s at most.
     *
     * @throws IllegalStateException if something has no answer within 30 s
     */
    public void finish() throws InterruptedException {
        stopping = true;
        for (Thread writer : writers) {
            writer.join(TIMEOUT.toMillis());
        }
        long start = System.nanoTime();
        while (watchers.stream().anyMatch(BaseWatcher::isWaiting)) {
            if (System.nanoTime() - start > LONGEST_END.toNanos()) {
                throw new IllegalStateException("rows sent over WebSockets are not answered within " + LONGEST_END);
            }
            Thread.sleep(20);
        }
        Map<String, Long> rows = new HashMap<>();
        for (String base : bases) {
            rows.put(base, client.readRows("reader", base));
        }
        while (watchers.stream().anyMatch(watcher -> !watcher.hasSeen(rows.getOrDefault(watcher.base(), 0L)))
                && System.nanoTime() - start < LONGEST_END.toNanos()) {
            Thread.sleep(20);
        }
        watchers.forEach(BaseWatcher::report);
        history.mark("finished", Map.of());
        close();
    }

    /** Ends the load at once; what is under way stays without an answer. */
    @Override
    public void close() {
        stopping = true;
        timer.shutdownNow();
        watchers.forEach(BaseWatcher::stop);
        writers.forEach(Thread::interrupt);
    }

    private void write(String name, String base) {
        try {
            for (int i = 1; !stopping; i++) {
                if (i % (APPENDS_A_READ + 1) == 0) {
                    client.read(name, base);
                } else {
                    client.append(name, base);
                }
                Thread.sleep(settings.pause().toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void appendOver(BaseWatcher watcher) {
        if (!stopping) {
            watcher.append();
        }
    }
}
