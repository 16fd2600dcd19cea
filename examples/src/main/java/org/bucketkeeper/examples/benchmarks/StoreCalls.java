package org.bucketkeeper.examples.benchmarks;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Transaction;

/** Waits for what a store answers, never for ever. */
final class StoreCalls {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private StoreCalls() {}

    static <T> T await(CompletionStage<T> stage) throws InterruptedException, TimeoutException {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(cause.getMessage(), cause);
        }
    }

    /** Deletes what a cluster at {@code prefix} wrote, its history beside it included. */
    static void deleteCluster(CoordinationStore store, String prefix) {
        delete(store, prefix.substring(0, prefix.length() - 1));
    }

    /** Deletes every key that starts with {@code prefix}; an interrupt ends that and stays set. */
    static void delete(CoordinationStore store, String prefix) {
        try {
            for (Entry entry : await(store.read(prefix)).entries()) {
                await(store.commit(Transaction.builder().delete(entry.key()).build()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            throw new IllegalStateException("the keys under " + prefix + " could not be deleted", e);
        }
    }
}
