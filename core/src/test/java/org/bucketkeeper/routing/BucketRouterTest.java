package org.bucketkeeper.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bucketkeeper.VirtualCluster.KEYS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.VirtualCluster.Member;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.memory.Direction;
import org.junit.jupiter.api.Test;

class BucketRouterTest {

    private static final UUID BASE = UUID.fromString("3f8a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2c");

    private final VirtualCluster cluster = new VirtualCluster();
    private final Member process = cluster.process("router");
    private final BucketRouter router = cluster.router(process);

    @Test
    void routesABaseToTheNodeThatItsBucketIsAssignedTo() {
        cluster.startNode("a");
        long revision = assign("{\"3f\":\"a\"}");

        Route route = router.route(BASE);

        assertThat(route).isEqualTo(new Route(Bucket.parse("3f"), VirtualCluster.node("a"), revision));
    }

    @Test
    void routesEveryFormOfTheUuidAlike() {
        cluster.startNode("a");
        assign("{\"3f\":\"a\"}");

        assertThat(router.route(BASE.toString()))
                .isSameAs(router.route(BASE))
                .isSameAs(router.route(BASE.toString().replace("-", "").toUpperCase(java.util.Locale.ROOT)))
                .isSameAs(router.route(Bucket.of(BASE)));
    }

    @Test
    void saysThatNoTableWasReadYet() {
        assertThatThrownBy(() -> router.route(BASE))
                .isInstanceOf(NoOwnerException.class)
                .hasMessageContaining("bucket 3f")
                .hasMessageContaining("no assignment was read yet")
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    }

    @Test
    void saysThatABucketIsNotAssigned() {
        cluster.startNode("a");
        long revision = assign("{\"00\":\"a\"}");

        assertThatThrownBy(() -> router.route(BASE)).isInstanceOfSatisfying(NoOwnerException.class, e -> {
            assertThat(e.bucket()).isEqualTo(Bucket.parse("3f"));
            assertThat(e.revision()).isEqualTo(revision);
        });
    }

    @Test
    void refusesATextThatIsNoUuid() {
        assertThatThrownBy(() -> router.route("3f")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void followsTheTableInRealTime() {
        cluster.startNode("a");
        cluster.startNode("b");
        assign("{\"3f\":\"a\"}");

        assign("{\"3f\":\"b\"}");

        assertThat(router.route(BASE).node().nodeId()).isEqualTo("b");
    }

    @Test
    void followsANodeThatComesBackUnderAnotherAddress() {
        NodeRegistry first = VirtualCluster.registry(cluster.process("a"));
        cluster.await(first.register(VirtualCluster.node("a")));
        assign("{\"3f\":\"a\"}");
        cluster.await(first.leave());
        var moved = org.bucketkeeper.membership.NodeInfo.of("a", "https://elsewhere/", "http://elsewhere/");

        cluster.startNode(moved);

        assertThat(router.route(BASE).node()).isEqualTo(moved);
    }

    @Test
    void goesOnRoutingToANodeThatVanishedUntilItsBucketsAreAssignedAnew() {
        NodeRegistry node = VirtualCluster.registry(cluster.process("a"));
        cluster.await(node.register(VirtualCluster.node("a")));
        assign("{\"3f\":\"a\"}");

        cluster.await(node.leave());

        assertThat(router.route(BASE).node().nodeId()).isEqualTo("a");
    }

    @Test
    void servesTheLastTableWhileTheStoreIsAwayAndSaysHowOldItIs() {
        cluster.startNode("a");
        long revision = assign("{\"3f\":\"a\"}");
        process.client().faults().cut(Direction.BOTH);

        cluster.advance(Duration.ofHours(2));

        assertThat(router.route(BASE).node().nodeId()).isEqualTo("a");
        assertThat(router.status().health()).isEqualTo(StoreHealth.DISCONNECTED);
        assertThat(router.status().tableAge()).isBetween(Duration.ofMinutes(110), Duration.ofHours(2));
        assertThat(router.status().revision()).isEqualTo(revision);
    }

    @Test
    void catchesUpWhenTheStoreIsBack() {
        cluster.startNode("a");
        cluster.startNode("b");
        assign("{\"3f\":\"a\"}");
        process.client().faults().cut(Direction.BOTH);
        cluster.advance(Duration.ofMinutes(1));
        assign("{\"3f\":\"b\"}");

        process.client().faults().heal();
        cluster.advance(Duration.ofSeconds(15));

        assertThat(router.route(BASE).node().nodeId()).isEqualTo("b");
        assertThat(router.status().health()).isEqualTo(StoreHealth.CONNECTED);
    }

    @Test
    void catchesUpAfterItsWatchWasDroppedAndTheHistoryCompacted() {
        cluster.startNode("a");
        cluster.startNode("b");
        assign("{\"3f\":\"a\"}");
        process.client().faults().cut(Direction.BOTH);
        cluster.advance(Duration.ofMinutes(1));
        long revision = assign("{\"3f\":\"b\"}");
        cluster.store.compact(revision);

        process.client().faults().heal();
        cluster.advance(Duration.ofSeconds(15));

        assertThat(router.route(BASE).node().nodeId()).isEqualTo("b");
    }

    @Test
    void findsAChangeThatTheWatchNeverReported() {
        cluster.startNode("a");
        cluster.startNode("b");
        assign("{\"3f\":\"a\"}");
        process.client().faults().breakContractByOmittingNextWatchEvent();
        assign("{\"3f\":\"b\"}");
        assertThat(router.route(BASE).node().nodeId()).isEqualTo("a");

        cluster.advance(Duration.ofMinutes(7));

        assertThat(router.route(BASE).node().nodeId()).isEqualTo("b");
    }

    @Test
    void tellsListenersWhatMovedFromWhereToWhere() {
        cluster.startNode("a");
        cluster.startNode("b");
        assign("{\"3f\":\"a\",\"40\":\"a\"}");
        List<RouteChange> told = new ArrayList<>();
        List<Long> revisions = new ArrayList<>();
        router.addListener((revision, changes) -> {
            revisions.add(revision);
            told.addAll(changes);
        });

        long revision = assign("{\"3f\":\"b\",\"40\":\"a\"}");

        assertThat(told)
                .containsExactly(
                        new RouteChange(Bucket.parse("3f"), VirtualCluster.node("a"), VirtualCluster.node("b")));
        assertThat(revisions).containsExactly(revision);
    }

    @Test
    void routesByTheNewTableBeforeListenersAreTold() {
        cluster.startNode("a");
        List<String> routedWhenTold = new ArrayList<>();
        router.addListener((revision, changes) ->
                routedWhenTold.add(router.route(BASE).node().nodeId()));

        assign("{\"3f\":\"a\"}");

        assertThat(routedWhenTold).containsExactly("a");
    }

    @Test
    void keepsTheLastGoodTableWhenTheStoresCannotBeRead() {
        cluster.startNode("a");
        assign("{\"3f\":\"a\"}");

        cluster.write(Transaction.builder().put(KEYS.assignment(), "scribble").build());

        assertThat(router.route(BASE).node().nodeId()).isEqualTo("a");
    }

    @Test
    void keepsTheLastGoodTableWhenTheStoresIsDeleted() {
        cluster.startNode("a");
        assign("{\"3f\":\"a\"}");

        cluster.write(Transaction.builder().delete(KEYS.assignment()).build());

        assertThat(router.route(BASE).node().nodeId()).isEqualTo("a");
    }

    @Test
    void isReadyWhenTheFirstTableWasRead() throws Exception {
        cluster.time.runDue();
        assertThat(router.ready().toCompletableFuture()).isNotDone();
        assertThatThrownBy(() -> router.awaitReady(Duration.ZERO)).isInstanceOf(TimeoutException.class);

        assign("{}");

        router.awaitReady(Duration.ZERO);
        assertThat(router.status().version()).isEqualTo(1);
    }

    @Test
    void tellsWhoeverWaitsForItThatItWasClosed() {
        router.close();

        assertThatThrownBy(() -> router.awaitReady(Duration.ofDays(1))).isInstanceOf(IllegalStateException.class);
    }

    private long assign(String buckets) {
        cluster.write(Transaction.builder()
                .put(KEYS.assignment(), "{\"version\":1,\"buckets\":" + buckets + "}")
                .build());
        return cluster.entry(KEYS.assignment()).modRevision();
    }
}
