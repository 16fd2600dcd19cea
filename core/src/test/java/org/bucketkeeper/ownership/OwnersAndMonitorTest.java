package org.bucketkeeper.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bucketkeeper.VirtualCluster.KEYS;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.monitor.OperationRefusedException;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.memory.Direction;
import org.junit.jupiter.api.Test;

/** Owners, a monitor and an operator together, in virtual time: who leaves, and who is forced. */
class OwnersAndMonitorTest {

    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private final VirtualCluster cluster = new VirtualCluster();
    private final ClusterOperator operator =
            ClusterOperator.sharing(cluster.process("operator").link());

    // --- leaving ----------------------------------------------------------------------------------------------------

    @Test
    void theBucketsOfAServerThatLeavesAreMovedWhileItStillServesThem() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        startMonitor();

        var left = a.ownership.leave().toCompletableFuture();
        cluster.advance(MOMENT);

        assertThat(left.join()).isEqualTo(BucketSet.EMPTY);
        assertThat(cluster.keys(KEYS.node("a"))).hasSize(1);
        assertThat(b.ownership.status().owned()).isEqualTo(BucketSet.ALL);
    }

    @Test
    void whoLeavesIsNotCountedAsLost() {
        VirtualServer[] servers = new VirtualServer[5];
        for (int i = 0; i < 5; i++) {
            servers[i] = server("node-" + i);
        }
        startMonitor();

        for (int i = 0; i < 3; i++) {
            leave(servers[i]);
        }
        cluster.advance(MOMENT);
        servers[3].process.kill();
        cluster.advance(Duration.ofSeconds(91));

        assertThat(servers[4].ownership.status().owned()).isEqualTo(BucketSet.ALL);
    }

    @Test
    void whenEverybodyLeavesNothingMovesAndNobodyWaits() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        startMonitor();

        var leftA = a.ownership.leave().toCompletableFuture();
        var leftB = b.ownership.leave().toCompletableFuture();
        cluster.advance(MOMENT);

        assertThat(leftA.join()).isEqualTo(BucketSet.EMPTY);
        assertThat(leftB.join()).isEqualTo(BucketSet.EMPTY);
        assertThat(cluster.keys(KEYS.claims())).isEmpty();
        assertThat(cluster.assignment().version()).isLessThanOrEqualTo(2);
    }

    @Test
    void aServerThatComesBackIsNotLeaving() {
        VirtualServer a = server("a");
        server("b");
        startMonitor();
        leave(a);
        cluster.advance(MOMENT);

        VirtualServer again = server("a");
        CompletionStage<?> rebalanced = operator.rebalance();
        cluster.advance(MOMENT);

        assertThat(rebalanced.toCompletableFuture()).isCompleted();
        assertThat(again.ownership.status().owned().size()).isEqualTo(128);
    }

    // --- force ------------------------------------------------------------------------------------------------------

    @Test
    void anOperatorEndsAReleaseThatHangs() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        startMonitor();
        Bucket stuck = hangRelease(a);

        CompletionStage<Void> forced =
                operator.forceRelease(stuck, b.router.view(stuck).fencingToken());
        cluster.advance(MOMENT);

        assertThat(forced.toCompletableFuture()).isCompletedWithValue(null);
        assertThat(b.ownership.enter(stuck).isValid()).isTrue();
        assertThat(a.callsFor(stuck)).containsExactly("acquired", "releasing", "lost");
        assertThat(cluster.keys(KEYS.forcedReleases())).isEmpty();
    }

    @Test
    void refusesToForceWhatNobodyHolds() {
        assertThatThrownBy(() -> force(Bucket.of(0), 7))
                .cause()
                .isInstanceOf(OperationRefusedException.class)
                .hasMessageContaining("nobody has a claim on bucket 00");
    }

    @Test
    void refusesToForceAnotherClaimThanTheOneThatWasNamed() {
        VirtualServer a = server("a");
        server("b");
        startMonitor();
        Bucket stuck = hangRelease(a);
        long token = a.router.view(stuck).fencingToken();

        assertThatThrownBy(() -> force(stuck, token - 1))
                .cause()
                .isInstanceOf(OperationRefusedException.class)
                .hasMessageContaining("has token " + token);
        assertThat(a.callsFor(stuck)).doesNotContain("lost");
    }

    @Test
    void takesNothingAwayFromAnOwnerThatDoesNotReleaseTheBucket() {
        VirtualServer a = server("a");
        startMonitor();
        Bucket bucket = Bucket.of(0);

        CompletionStage<Void> forced =
                operator.forceRelease(bucket, a.router.view(bucket).fencingToken());
        cluster.advance(ClusterOperator.ANSWER_TIMEOUT.plus(MOMENT));

        assertThatThrownBy(() -> forced.toCompletableFuture().join()).cause().hasMessageContaining("nothing to force");
        assertThat(a.ownership.enter(bucket).isValid()).isTrue();
    }

    @Test
    void endsAReleaseThatHangsAlsoWhenTheBucketIsAssignedBack() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        startMonitor();
        Bucket stuck = hangRelease(a);
        b.process.kill();
        cluster.await(operator.changePolicy(policy -> policy.undrain("a")));
        cluster.advance(Duration.ofMinutes(3));
        assertThat(cluster.assignment().nodeOf(stuck)).isEqualTo("a");

        force(stuck, a.router.view(stuck).fencingToken());
        cluster.advance(MOMENT);

        assertThat(a.callsFor(stuck)).containsExactly("acquired", "releasing", "lost", "acquired");
    }

    @Test
    void takesNothingAwayFromAnOwnerThatDoesNotReact() {
        VirtualServer a = server("a");
        server("b");
        startMonitor();
        Bucket stuck = hangRelease(a);
        long token = a.router.view(stuck).fencingToken();
        a.process.client().faults().cut(Direction.BOTH);

        CompletionStage<Void> forced = operator.forceRelease(stuck, token);
        cluster.advance(ClusterOperator.ANSWER_TIMEOUT.plus(MOMENT));

        assertThatThrownBy(() -> forced.toCompletableFuture().join())
                .cause()
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("its claim with token " + token + " stands");
        assertThat(cluster.entry(KEYS.claim(stuck)).createRevision()).isEqualTo(token);
        assertThat(cluster.keys(KEYS.forcedReleases())).isEmpty();
    }

    private void force(Bucket bucket, long token) {
        CompletionStage<Void> forced = operator.forceRelease(bucket, token);
        cluster.advance(MOMENT);
        forced.toCompletableFuture().join();
    }

    /** Drains {@code server}, which never unloads one of its buckets, and returns that. */
    private Bucket hangRelease(VirtualServer server) {
        Bucket stuck = server.ownership.status().owned().iterator().next();
        CompletableFuture<Void> never = server.holdBackUnloading(stuck);
        cluster.await(operator.changePolicy(policy -> policy.drain(server.nodeId)));
        cluster.advance(Duration.ofMinutes(1));
        assertThat(never).isNotDone();
        assertThat(cluster.assignment().nodeOf(stuck)).isNotEqualTo(server.nodeId);
        return stuck;
    }

    private void leave(VirtualServer server) {
        server.ownership.leave().thenAccept(notUnloaded -> server.registry.leave());
    }

    private VirtualServer server(String nodeId) {
        VirtualServer server = new VirtualServer(cluster, nodeId, OwnershipSettings.DEFAULT);
        cluster.advance(Duration.ZERO);
        return server;
    }

    private void startMonitor() {
        VirtualCluster.Member process = cluster.process("monitor");
        ClusterMonitor.builder(process.client()).settleWindow(SETTLE).startSharing(process.link());
        cluster.advance(SETTLE.plusSeconds(1));
        Assignment assignment = cluster.assignment();
        assertThat(assignment.unassignedBuckets()).isEqualTo(BucketSet.EMPTY);
    }
}
