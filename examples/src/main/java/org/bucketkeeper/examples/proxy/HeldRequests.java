package org.bucketkeeper.examples.proxy;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.membership.NodeListener;
import org.bucketkeeper.routing.RouteChange;
import org.bucketkeeper.routing.RoutingListener;

/** The requests that wait for their bucket's next owner: how many there are, and who is woken by a change. */
final class HeldRequests implements RoutingListener, NodeListener {

    private final Vertx vertx;
    private final int most;
    private final AtomicInteger count = new AtomicInteger();
    private final List<Set<Waiter>> waiters;

    HeldRequests(Vertx vertx, int most) {
        this.vertx = vertx;
        this.most = most;
        this.waiters = Stream.generate(ConcurrentHashMap::<Waiter>newKeySet)
                .limit(Bucket.COUNT)
                .<Set<Waiter>>map(set -> set)
                .toList();
    }

    /** Takes a place among those that are held; false if there is none left. */
    boolean enter() {
        if (count.incrementAndGet() <= most) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    /** Gives the place back. */
    void leave() {
        count.decrementAndGet();
    }

    int count() {
        return count.get();
    }

    /** Calls {@code wake} once, on the caller's context: when the bucket's route changes, at the latest after a time. */
    Waiter await(Bucket bucket, Duration atMost, Runnable wake) {
        Waiter waiter = new Waiter(bucket, vertx.getOrCreateContext(), wake);
        waiters.get(bucket.index()).add(waiter);
        waiter.timer = vertx.setTimer(Math.max(1, atMost.toMillis()), elapsed -> waiter.wake());
        return waiter;
    }

    @Override
    public void routesChanged(long revision, List<RouteChange> changes) {
        changes.forEach(change -> waiters.get(change.bucket().index()).forEach(Waiter::wake));
    }

    @Override
    public void joined(LiveNode node) {
        waiters.forEach(ofBucket -> ofBucket.forEach(Waiter::wake));
    }

    /** One request that waits. */
    final class Waiter {

        private final Bucket bucket;
        private final Context context;
        private final Runnable wake;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile long timer = -1;

        private Waiter(Bucket bucket, Context context, Runnable wake) {
            this.bucket = bucket;
            this.context = context;
            this.wake = wake;
        }

        void wake() {
            if (end()) {
                context.runOnContext(now -> wake.run());
            }
        }

        void cancel() {
            end();
        }

        private boolean end() {
            waiters.get(bucket.index()).remove(this);
            vertx.cancelTimer(timer);
            return over.compareAndSet(false, true);
        }
    }
}
