package org.bucketkeeper.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.monitor.BucketOverview;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.monitor.NodeCondition;
import org.bucketkeeper.monitor.NodeOverview;
import org.bucketkeeper.monitor.PastTenure;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.memory.Direction;
import org.junit.jupiter.api.Test;

/** What an operator sees of owners and a monitor, in virtual time. */
class ClusterOverviewTest {

    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private final VirtualCluster cluster = new VirtualCluster();
    private final VirtualCluster.Member process = cluster.process("operator");
    private final ClusterOperator operator = ClusterOperator.sharing(process.link());

    @Test
    void showsWhoLeadsAndWhoHoldsEachBucket() {
        server("a");
        server("b");
        startMonitor();

        ClusterOverview overview = cluster.await(operator.overview());

        assertThat(overview.leader()).isEqualTo("first");
        assertThat(overview.assignment()).isEqualTo(cluster.assignment());
        assertThat(overview.buckets()).hasSize(256).noneMatch(BucketOverview::isChangingHands);
        assertThat(overview.buckets()).allMatch(bucket -> bucket.fencingToken() > 0);
        assertThat(overview.nodes())
                .containsExactly(
                        new NodeOverview("a", VirtualCluster.node("a"), NodeCondition.LIVE, 100, 128, 128),
                        new NodeOverview("b", VirtualCluster.node("b"), NodeCondition.LIVE, 100, 128, 128));
        assertThat(overview.problem()).isNull();
    }

    @Test
    void showsABucketThatIsChangingHands() {
        VirtualServer a = server("a");
        server("b");
        startMonitor();
        Bucket stuck = a.ownership.status().owned().iterator().next();
        CompletableFuture<Void> unloading = a.holdBackUnloading(stuck);

        cluster.await(operator.changePolicy(policy -> policy.drain("a")));
        cluster.advance(Duration.ofSeconds(10));

        ClusterOverview overview = cluster.await(operator.overview());
        assertThat(overview.buckets().get(stuck.index()).assignedTo()).isEqualTo("b");
        assertThat(overview.buckets().get(stuck.index()).heldBy()).isEqualTo("a");
        assertThat(overview.buckets())
                .filteredOn(BucketOverview::isChangingHands)
                .hasSize(1);
        assertThat(overview.node("a"))
                .isEqualTo(new NodeOverview("a", VirtualCluster.node("a"), NodeCondition.DRAINING, 100, 0, 1));
        unloading.complete(null);
    }

    @Test
    void showsANodeThatIsGoneAsLongAsTheTableNamesIt() {
        VirtualServer a = server("a");
        ClusterMonitor monitor = startMonitor();
        CompletableFuture<Void> resigned = monitor.resign().toCompletableFuture();
        cluster.advance(MOMENT);
        assertThat(resigned).isCompleted();

        a.process.kill();
        cluster.advance(Duration.ofSeconds(91));

        ClusterOverview overview = cluster.await(operator.overview());
        assertThat(overview.leader()).isNull();
        assertThat(overview.nodes()).containsExactly(new NodeOverview("a", null, NodeCondition.GONE, 0, 256, 0));
    }

    @Test
    void showsWhatOperatorsAndNodesWant() {
        server("a");
        server("b");
        VirtualServer c = server("c");
        startMonitor();

        cluster.await(operator.changePolicy(
                policy -> policy.cordon("a").withCapacity("a", 50).drain("b")));
        CompletableFuture<Void> never =
                c.holdBackUnloading(c.ownership.status().owned().iterator().next());
        var left = c.ownership.leave();
        cluster.advance(MOMENT);

        ClusterOverview overview = cluster.await(operator.overview());
        assertThat(overview.nodes())
                .extracting(NodeOverview::condition)
                .containsExactly(NodeCondition.CORDONED, NodeCondition.DRAINING, NodeCondition.LEAVING);
        assertThat(overview.nodes().get(0).capacity()).isEqualTo(50);
        assertThat(never).isNotDone();
        assertThat(left.toCompletableFuture()).isNotDone();
    }

    @Test
    void saysThatNothingWasHeardOfTheClusterYet() {
        var unheard = cluster.process("cut off");
        unheard.client().faults().cut(Direction.BOTH);
        var cutOff = ClusterOperator.sharing(unheard.link()).overview().toCompletableFuture();
        cluster.advance(MOMENT);

        assertThatThrownBy(cutOff::join)
                .cause()
                .isInstanceOf(StoreException.class)
                .hasMessage("nothing was heard of the cluster yet");
    }

    @Test
    void tellsListenersOfChangesThatComeTogetherOnce() {
        server("a");
        server("b");
        startMonitor();
        List<ClusterOverview> seen = new ArrayList<>();
        operator.addListener(seen::add);
        cluster.advance(Duration.ofSeconds(1));
        assertThat(seen).hasSize(1);

        cluster.await(operator.changePolicy(policy -> policy.drain("a")));
        cluster.advance(Duration.ofSeconds(5));

        assertThat(seen).hasSizeBetween(2, 10);
        assertThat(seen.get(seen.size() - 1)).isEqualTo(cluster.await(operator.overview()));
    }

    @Test
    void asksTheStoreHowMuchIsLeftOfEachNodesLease() {
        VirtualServer a = server("a");
        server("b");
        startMonitor();
        a.process.client().faults().cut(Direction.BOTH);
        cluster.advance(Duration.ofSeconds(60));

        var times = cluster.await(operator.leaseTimes());

        assertThat(times.keySet()).containsExactly("a", "b");
        assertThat(times.get("a")).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
        assertThat(times.get("b")).isBetween(Duration.ofSeconds(55), Duration.ofSeconds(90));
    }

    @Test
    void recordsWhoOwnedABucketWhen() {
        VirtualServer a = server("a");
        server("b");
        startMonitor();
        Bucket bucket = a.ownership.status().owned().iterator().next();
        cluster.advance(Duration.ofMinutes(1));

        cluster.await(operator.changePolicy(policy -> policy.drain("a")));
        cluster.advance(Duration.ofMinutes(1));

        List<PastTenure> history = cluster.await(operator.history(bucket));
        assertThat(history).extracting(PastTenure::nodeId).containsExactly("a", "b");
        assertThat(history.get(1).fencingToken())
                .isEqualTo(cluster.entry(VirtualCluster.KEYS.claim(bucket)).createRevision());
        assertThat(history.get(0).until()).isNotNull().isAfter(history.get(0).since());
        assertThat(history.get(1).until()).isNull();
    }

    @Test
    void theNextLeaderGoesOnWithTheRecord() {
        VirtualServer a = server("a");
        server("b");
        ClusterMonitor first = startMonitor();
        Bucket bucket = a.ownership.status().owned().iterator().next();
        cluster.advance(Duration.ofMinutes(1));
        var resigned = first.resign();
        cluster.advance(MOMENT);

        startMonitor("second");
        cluster.await(operator.changePolicy(policy -> policy.drain("a")));
        cluster.advance(Duration.ofMinutes(1));

        assertThat(resigned.toCompletableFuture()).isCompleted();
        assertThat(cluster.await(operator.history(bucket)))
                .extracting(PastTenure::nodeId)
                .containsExactly("a", "b");
    }

    @Test
    void hasNoHistoryOfABucketThatNobodyOwned() {
        assertThat(cluster.await(operator.history(Bucket.of(0)))).isEmpty();
    }

    private VirtualServer server(String nodeId) {
        VirtualServer server = new VirtualServer(cluster, nodeId, OwnershipSettings.DEFAULT);
        cluster.advance(Duration.ZERO);
        return server;
    }

    private ClusterMonitor startMonitor() {
        return startMonitor("first");
    }

    private ClusterMonitor startMonitor(String name) {
        VirtualCluster.Member member = cluster.process(name);
        ClusterMonitor monitor = ClusterMonitor.builder(member.client())
                .monitorId(name)
                .settleWindow(SETTLE)
                .startSharing(member.link());
        cluster.advance(SETTLE.plusSeconds(1));
        return monitor;
    }
}
