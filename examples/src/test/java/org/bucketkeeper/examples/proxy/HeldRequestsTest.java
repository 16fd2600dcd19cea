package org.bucketkeeper.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.routing.RouteChange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldRequestsTest {

    private static final Duration NEVER = Duration.ofHours(1);
    private static final NodeInfo NODE = NodeInfo.of("dtable-server-01", "https://example.com/", "http://10.0.0.1/");

    private final Vertx vertx = Vertx.vertx();
    private final HeldRequests held = new HeldRequests(vertx, 2);
    private final CompletableFuture<Void> woken = new CompletableFuture<>();
    private final CompletableFuture<Void> otherWoken = new CompletableFuture<>();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void wakesAtOnceWhoseBucketIsServedElsewhere() throws Exception {
        held.await(Bucket.of(1), NEVER, () -> woken.complete(null));
        held.await(Bucket.of(2), NEVER, () -> otherWoken.complete(null));

        held.routesChanged(7, List.of(new RouteChange(Bucket.of(1), null, NODE)));

        woken.get(10, TimeUnit.SECONDS);
        assertThat(otherWoken).isNotDone();
    }

    @Test
    void wakesAllWhenANodeJoins() throws Exception {
        held.await(Bucket.of(1), NEVER, () -> woken.complete(null));
        held.await(Bucket.of(2), NEVER, () -> otherWoken.complete(null));

        held.joined(new LiveNode(NODE, "1", 1));

        woken.get(10, TimeUnit.SECONDS);
        otherWoken.get(10, TimeUnit.SECONDS);
    }

    @Test
    void wakesByItselfWhenTheTimeIsOver() throws Exception {
        held.await(Bucket.of(1), Duration.ofMillis(1), () -> woken.complete(null));

        woken.get(10, TimeUnit.SECONDS);
    }

    @Test
    void wakesNobodyTwiceOrAfterCancelling() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        vertx.runOnContext(onLoop -> {
            HeldRequests.Waiter waiter = held.await(Bucket.of(1), NEVER, calls::incrementAndGet);
            held.await(Bucket.of(1), NEVER, () -> vertx.runOnContext(later -> woken.complete(null)));
            HeldRequests.Waiter cancelled = held.await(Bucket.of(1), NEVER, calls::incrementAndGet);
            cancelled.cancel();
            waiter.wake();
            cancelled.wake();
            held.routesChanged(7, List.of(new RouteChange(Bucket.of(1), null, NODE)));
        });

        woken.get(10, TimeUnit.SECONDS);
        assertThat(calls).hasValue(1);
    }

    @Test
    void hasNoMorePlacesThanItWasGiven() {
        assertThat(held.enter()).isTrue();
        assertThat(held.enter()).isTrue();

        assertThat(held.enter()).isFalse();

        held.leave();
        assertThat(held.enter()).isTrue();
        assertThat(held.count()).isEqualTo(2);
    }
}
