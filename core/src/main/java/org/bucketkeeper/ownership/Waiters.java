package org.bucketkeeper.ownership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Those who ask for a guard of a bucket that is about to be owned. Each gets its guard, or a refusal when the bucket
 * goes elsewhere or the time is over. To be used on the loop.
 */
final class Waiters {

    private final EventLoop loop;
    private final Function<Bucket, @Nullable Guard> entrance;
    private final Function<Bucket, NotOwnerException> refusal;
    /** In order, so that the same history refuses the same waiters in the same order. */
    private final Map<Bucket, List<Waiter>> waiters = new TreeMap<>();

    private record Waiter(CompletableFuture<Guard> guard, EventLoop.Timer timer) {}

    Waiters(EventLoop loop, Function<Bucket, @Nullable Guard> entrance, Function<Bucket, NotOwnerException> refusal) {
        this.loop = loop;
        this.entrance = entrance;
        this.refusal = refusal;
    }

    /** Lets {@code guard} wait, at most {@code maxWait}. */
    void add(Bucket bucket, CompletableFuture<Guard> guard, Duration maxWait) {
        EventLoop.Timer timer = loop.schedule(maxWait, () -> {
            guard.completeExceptionally(refusal.apply(bucket));
            forgetDone(bucket);
        });
        waiters.computeIfAbsent(bucket, b -> new ArrayList<>()).add(new Waiter(guard, timer));
    }

    /** Gives everybody who waits for {@code bucket} a guard; whoever cannot get one goes on waiting. */
    void admit(Bucket bucket) {
        for (Waiter waiter : waiters.getOrDefault(bucket, List.of())) {
            Guard guard = waiter.guard().isDone() ? null : entrance.apply(bucket);
            if (guard != null) {
                waiter.timer().cancel();
                give(waiter.guard(), guard);
            }
        }
        forgetDone(bucket);
    }

    /** Refuses everybody who waits for a bucket that is not expected any more. */
    void refuseUnless(Predicate<Bucket> expected) {
        for (Bucket bucket : List.copyOf(waiters.keySet())) {
            if (!expected.test(bucket)) {
                for (Waiter waiter : waiters.getOrDefault(bucket, List.of())) {
                    waiter.timer().cancel();
                    waiter.guard().completeExceptionally(refusal.apply(bucket));
                }
                waiters.remove(bucket);
            }
        }
    }

    /** Hands over a guard that nobody may want any more, in which case it is closed. */
    static void give(CompletableFuture<Guard> receiver, Guard guard) {
        if (!receiver.complete(guard)) {
            guard.close();
        }
    }

    /**
     * Takes a guard that arrived after all; otherwise makes sure that none can arrive any more.
     *
     * @throws NotOwnerException {@code refusal}, if none arrived
     */
    static Guard takeOrGiveUp(CompletableFuture<Guard> receiver, NotOwnerException refusal) {
        if (receiver.completeExceptionally(refusal) || receiver.isCompletedExceptionally()) {
            throw refusal;
        }
        return receiver.join();
    }

    private void forgetDone(Bucket bucket) {
        List<Waiter> left = waiters.get(bucket);
        if (left != null) {
            left.removeIf(waiter -> waiter.guard().isDone());
            if (left.isEmpty()) {
                waiters.remove(bucket);
            }
        }
    }
}
