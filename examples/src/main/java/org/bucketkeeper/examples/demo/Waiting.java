package org.bucketkeeper.examples.demo;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits, never for ever. */
final class Waiting {

    /** Longer than anything in the demonstration takes, even on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private Waiting() {}

    /**
     * Returns what a stage completes with.
     *
     * @param what names it in messages, such as "the plan"
     */
    static <T> T forResult(String what, CompletionStage<T> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new DemoException(what + " failed: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new DemoException(what + " did not come within " + PATIENCE.toSeconds() + " s", e);
        }
    }

    /**
     * Returns as soon as a condition holds.
     *
     * @param what says it in messages, such as "all nodes are registered"
     */
    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new DemoException("waited " + PATIENCE.toSeconds() + " s in vain until " + what);
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }
}
