package org.bucketkeeper.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.VirtualCluster.Member;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole cluster is switched on: its servers come in any order, all within the settle window of the first. */
class ColdStartTest {

    private static final int SERVERS = 64;
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private final VirtualCluster cluster = new VirtualCluster();
    private final AssignmentLog log = new AssignmentLog(cluster);
    private final EventLoop switches = cluster.time.newLoop();
    private final List<VirtualServer> servers = new ArrayList<>();
    private final int[] claims = new int[Bucket.COUNT];

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void sixtyFourServersGetFourBucketsEachInOneAssignmentAndKeepThem(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(seed));
        switches.schedule(within(random, SETTLE), this::startMonitor);
        for (int i : order) {
            switches.schedule(within(random, SETTLE), () -> startServer("server-" + i));
        }

        cluster.advance(SETTLE.multipliedBy(3));
        assertThat(servers)
                .hasSize(SERVERS)
                .allSatisfy(server ->
                        assertThat(server.ownership.status().owned().size()).isEqualTo(4));
        cluster.advance(Duration.ofMinutes(30));

        assertThat(log.all()).hasSize(1);
        assertThat(claims).containsOnly(1);
        assertThat(servers)
                .allSatisfy(server -> assertThat(server.calls).noneMatch(call -> !call.startsWith("acquired")));
    }

    private static Duration within(SplittableRandom random, Duration window) {
        return Duration.ofNanos(random.nextLong(window.toNanos()));
    }

    private void startMonitor() {
        Member process = cluster.process("monitor");
        ClusterMonitor.builder(process.client()).settleWindow(SETTLE).startSharing(process.link());
    }

    private void startServer(String nodeId) {
        VirtualServer server = new VirtualServer(cluster, nodeId, OwnershipSettings.DEFAULT);
        server.onAcquired = tenure -> claims[tenure.bucket().index()]++;
        servers.add(server);
    }
}
