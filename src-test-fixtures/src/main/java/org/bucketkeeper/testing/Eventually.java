package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits for what must come, in real time, and fails the test if it does not. Blocks; thread-safe. */
public final class Eventually {

    /** How long it waits where no bound is given. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private Eventually() {}

    /** Returns as soon as {@code condition} holds; fails with {@code what} if it does not in time. */
    public static void until(String what, BooleanSupplier condition) {
        within(PATIENCE, what, condition);
    }

    /** Returns as soon as {@code condition} holds; fails with {@code what} if it does not within {@code bound}. */
    public static void within(Duration bound, String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > bound.toNanos()) {
                fail("waited in vain for " + what + " for " + bound);
            }
            pause();
        }
    }

    /** Returns the value of a stage, or throws its exception as it is. */
    public static <T> T get(CompletionStage<T> stage) {
        return get(stage, PATIENCE);
    }

    /** Returns the value of a stage, or throws its exception as it is; fails if it does not complete in time. */
    public static <T> T get(CompletionStage<T> stage, Duration bound) {
        try {
            return stage.toCompletableFuture().get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            return fail("no answer within " + bound, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Lets a few milliseconds go by. */
    public static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
