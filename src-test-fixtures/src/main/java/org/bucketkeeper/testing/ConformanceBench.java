package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.bucketkeeper.store.CoordinationStore;

/** What one conformance test works with: its clients, its prefix, its watches, and how it waits. Watches may be opened on any thread. */
final class ConformanceBench {

    private static final Duration LONGEST_STEP = Duration.ofMillis(5);
    private static final Duration FIRST_STEP = Duration.ofNanos(50_000);

    private final CoordinationStoreConformance kit;
    private final String prefix;
    private final CoordinationStore client;
    private final List<CoordinationStore> clients = new ArrayList<>();
    private final List<RecordedWatch> watches = new CopyOnWriteArrayList<>();

    ConformanceBench(CoordinationStoreConformance kit) {
        this.kit = kit;
        this.prefix = kit.newPrefix();
        this.client = openClient();
    }

    CoordinationStoreConformance kit() {
        return kit;
    }

    String prefix() {
        return prefix;
    }

    CoordinationStore client() {
        return client;
    }

    CoordinationStore openClient() {
        CoordinationStore opened = kit.openClient();
        clients.add(opened);
        return opened;
    }

    RecordedWatch watch(CoordinationStore by, String watchedPrefix, long fromRevision) {
        RecordedWatch watch = new RecordedWatch(watchedPrefix, fromRevision);
        watch.runs(by.watch(watchedPrefix, fromRevision, watch));
        watches.add(watch);
        return watch;
    }

    /** Waits for a stage and returns its value; its exception is thrown as it is. */
    <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        await("an answer", future::isDone);
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Waits until {@code condition} holds, and fails the test if that takes too long. */
    void await(String what, BooleanSupplier condition) {
        long start = kit.nanoTime();
        Duration step = FIRST_STEP;
        kit.passTime(Duration.ZERO);
        while (!condition.getAsBoolean()) {
            if (kit.nanoTime() - start > kit.patience().toNanos()) {
                fail("waited in vain for " + what + " for " + kit.patience());
            }
            kit.passTime(step);
            step = step.multipliedBy(2).compareTo(LONGEST_STEP) < 0 ? step.multipliedBy(2) : LONGEST_STEP;
        }
    }

    /** Closes all clients, and fails the test if one of its watches broke a rule. */
    void close() {
        clients.forEach(CoordinationStore::close);
        watches.forEach(RecordedWatch::verifyRulesWereKept);
    }
}
