package org.bucketkeeper.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Restarts all servers of a cluster, one after the other, and counts how often each bucket is claimed by another server:
 * each time its bases are unloaded and loaded again.
 */
class ServersInTurnTest {

    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Duration SETTLE = Duration.ofSeconds(10);
    /** So long that nothing is left of a lease that was granted before. */
    private static final Duration EXPIRY = Duration.ofSeconds(91);

    private final VirtualCluster cluster = new VirtualCluster();
    private final AssignmentLog log = new AssignmentLog(cluster);
    private final int[] claims = new int[Bucket.COUNT];

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8})
    void onlyTheBucketsOfTheFirstServerMoveTwiceIfAllLeaveInOrder(int count) {
        List<VirtualServer> servers = start(count);
        BucketSet ofTheFirst = servers.get(0).ownership.status().owned();

        servers.forEach(this::restart);

        assertThat(claims).isEqualTo(onceAndTwice(ofTheFirst));
        assertThat(mostBucketsOfAServer()).isLessThanOrEqualTo(ceil(Bucket.COUNT, count - 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8})
    void onlyTheBucketsOfTheFirstServerMoveTwiceIfAllAreKilled(int count) {
        List<VirtualServer> servers = start(count);
        BucketSet ofTheFirst = servers.get(0).ownership.status().owned();

        servers.forEach(this::killAndStart);

        assertThat(claims).isEqualTo(onceAndTwice(ofTheFirst));
        assertThat(mostBucketsOfAServer()).isLessThanOrEqualTo(ceil(Bucket.COUNT, count - 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8})
    void eachBucketMovesOnceIfThereIsASpareServer(int count) {
        List<VirtualServer> servers = start(count);
        server("spare");

        servers.forEach(this::restart);

        assertThat(claims).containsOnly(1);
        assertThat(mostBucketsOfAServer()).isLessThanOrEqualTo(ceil(Bucket.COUNT, count));
    }

    /** Starts servers that share the buckets evenly, and returns them in the order in which to restart them. */
    private List<VirtualServer> start(int count) {
        List<VirtualServer> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(server("server-" + i));
        }
        VirtualCluster.Member process = cluster.process("monitor");
        ClusterMonitor.builder(process.client()).settleWindow(SETTLE).startSharing(process.link());
        cluster.advance(SETTLE.plus(MOMENT));
        assertThat(claims).containsOnly(1);
        Arrays.fill(claims, 0);
        Collections.shuffle(servers, new Random(count));
        return servers;
    }

    private VirtualServer server(String nodeId) {
        VirtualServer server = new VirtualServer(cluster, nodeId, OwnershipSettings.DEFAULT);
        server.onAcquired = tenure -> claims[tenure.bucket().index()]++;
        cluster.advance(MOMENT);
        return server;
    }

    private void restart(VirtualServer server) {
        server.ownership.leave().thenAccept(notUnloaded -> server.registry.leave());
        cluster.advance(MOMENT);
        assertThat(server.ownership.status().owned()).isEqualTo(BucketSet.EMPTY);
        server.process.kill();
        startAgain(server);
    }

    private void killAndStart(VirtualServer server) {
        server.process.kill();
        cluster.advance(EXPIRY);
        startAgain(server);
    }

    private void startAgain(VirtualServer server) {
        server(server.nodeId);
        assertThat(cluster.assignment().count(server.nodeId)).isZero();
    }

    private static int[] onceAndTwice(BucketSet twice) {
        int[] times = new int[Bucket.COUNT];
        for (int b = 0; b < times.length; b++) {
            times[b] = twice.contains(Bucket.of(b)) ? 2 : 1;
        }
        return times;
    }

    /** Returns it over the whole history: while one server is away, and thereafter. */
    private int mostBucketsOfAServer() {
        int most = 0;
        for (Assignment assignment : log.all().subList(1, log.all().size())) {
            for (String nodeId : assignment.nodes()) {
                most = Math.max(most, assignment.count(nodeId));
            }
        }
        return most;
    }

    private static int ceil(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
