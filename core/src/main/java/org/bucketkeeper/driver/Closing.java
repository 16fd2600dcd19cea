package org.bucketkeeper.driver;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits, but not for ever, for what {@code close()} has begun, so that the caller may close the store afterwards. */
public final class Closing {

    /** Longer than a store's request timeout usually is, so that it is the store that ends the wait. */
    public static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    /** Waits for {@code closed} at most {@link #LONGEST}; an interrupt ends the wait and stays set. */
    public static void await(CompletionStage<?> closed) {
        await(closed, LONGEST);
    }

    /** Waits for {@code closed} at most {@code longest}; an interrupt ends the wait and stays set. */
    public static void await(CompletionStage<?> closed, Duration longest) {
        try {
            closed.toCompletableFuture().get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Not closed in an orderly way, leases are left to expire: cause={}", String.valueOf(e));
        }
    }
}
