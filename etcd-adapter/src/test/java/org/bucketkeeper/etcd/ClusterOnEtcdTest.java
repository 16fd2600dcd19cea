package org.bucketkeeper.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bucketkeeper.BucketKeeper;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.monitor.RebalanceOutcome;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.routing.StoreHealth;
import org.bucketkeeper.testing.EtcdServer;
import org.bucketkeeper.testing.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The roles of the library on a real etcd with its default limits, seen with etcd's own client. */
@Tag("once")
class ClusterOnEtcdTest {

    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final Duration NODE_TTL = Duration.ofSeconds(4);
    private static final Duration LEADER_TTL = Duration.ofSeconds(3);

    private EtcdServer etcd;
    private Etcdctl etcdctl;
    private BucketRouter router;
    private final List<AutoCloseable> closedInReverse = new ArrayList<>();

    @BeforeEach
    void launch() {
        etcd = closedLater(EtcdServer.builder().controllable().launch());
        etcdctl = new Etcdctl(etcd.endpoints());
        router = closedLater(BucketRouter.connect(store()));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = closedInReverse.size() - 1; i >= 0; i--) {
            closedInReverse.get(i).close();
        }
    }

    @Test
    void otherProgramsFindEveryBucketsRegisteredNode() {
        startMonitor();
        startServers("dtable-server-01", "dtable-server-02", "dtable-server-03");

        awaitCompatibleKeys(Set.of("dtable-server-01", "dtable-server-02", "dtable-server-03"));

        assertThat(etcdctl.keys("dtable-server-"))
                .containsEntry(
                        "dtable-server-02",
                        "{\"node_url\":\"https://dtable-server-02.example.com/\","
                                + "\"local_node_url\":\"http://dtable-server-02.internal/\"}");
    }

    @Test
    void aDeadNodesRegistrationVanishesWithItsLeaseAndItsBucketsGoToTheOthers() {
        startMonitor();
        startServers("dtable-server-01", "dtable-server-02");
        EtcdStore doomed = store();
        startServer(doomed, "dtable-server-03");
        awaitCompatibleKeys(Set.of("dtable-server-01", "dtable-server-02", "dtable-server-03"));

        doomed.close();

        Eventually.until(
                "the registration to vanish",
                () -> !etcdctl.keys("dtable-server-").containsKey("dtable-server-03"));
        awaitCompatibleKeys(Set.of("dtable-server-01", "dtable-server-02"));
    }

    @Test
    void aNewLeaderRepairsTheKeysOfOtherPrograms() {
        ClusterMonitor first = startMonitor();
        startServers("dtable-server-01", "dtable-server-02");
        awaitCompatibleKeys(Set.of("dtable-server-01", "dtable-server-02"));
        etcdctl.put("assign-00", "dtable-server-99");
        etcdctl.delete("assign-ff");
        ClusterMonitor second = startMonitor();

        Eventually.get(first.resign());

        Eventually.until("the other monitor to lead", second::isLeading);
        awaitCompatibleKeys(Set.of("dtable-server-01", "dtable-server-02"));
    }

    @Test
    void rebalancesOntoANodeThatJoined() {
        startMonitor();
        startServers("dtable-server-01");
        awaitOwners(Set.of("dtable-server-01"));
        startServers("dtable-server-02");
        ClusterOperator operator = closedLater(ClusterOperator.connect(store()));

        RebalanceOutcome outcome = Eventually.get(operator.rebalance());

        assertThat(outcome.total()).isEqualTo(128);
        assertThat(outcome.lowerBound()).isEqualTo(128);
        assertThat(outcome.moves()).hasSize(128);
        awaitOwners(Set.of("dtable-server-01", "dtable-server-02"));
        assertThat(router.assignment().count("dtable-server-02")).isEqualTo(128);
    }

    @Test
    void nothingMovesWhenEtcdIsRestartedAndRoutesGoOnMeanwhile() {
        startMonitor();
        startServers("dtable-server-01", "dtable-server-02", "dtable-server-03");
        awaitOwners(Set.of("dtable-server-01", "dtable-server-02", "dtable-server-03"));
        Assignment before = router.assignment();

        etcd.kill();
        Eventually.until("the outage to be noticed", () -> router.status().health() == StoreHealth.DISCONNECTED);
        assertThat(router.route(Bucket.of(0)).node().nodeId()).isEqualTo(before.nodeOf(Bucket.of(0)));
        etcd.start();
        Eventually.until("the router to be back", () -> router.status().health() == StoreHealth.CONNECTED);
        ClusterMonitor proof = startMonitor();
        startServers("dtable-server-04");
        Eventually.until(
                "a new node", () -> etcdctl.keys("/bucketkeeper/default/nodes/").size() == 4);

        assertThat(router.assignment()).isEqualTo(before);
        assertThat(proof.monitorId()).isNotEmpty();
    }

    @Test
    void aNodeIsRegisteredAnewAfterItsLeaseWasLost() {
        startMonitor();
        startServers("dtable-server-01");
        awaitOwners(Set.of("dtable-server-01"));

        etcdctl.delete("/bucketkeeper/default/nodes/dtable-server-01");

        Eventually.until(
                "a new registration",
                () -> etcdctl.keys("/bucketkeeper/default/nodes/").size() == 1);
        Eventually.until(
                "the compatible key", () -> etcdctl.keys("dtable-server-").size() == 1);
    }

    @Test
    void anOperatorsFileIsAllThatAProgramNeeds(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("dtable_server_config.json"), """
                {
                  "host": "mysql host",
                  "cluster_config": {
                    "etcd_host": "%s",  // IP of etcd
                    "node_id": "dtable-server-01",
                    "node_url": "https://dtable-server-01.example.com/",
                    "local_node_url": "http://dtable-server-01.internal/",
                    "session_ttl_seconds": 4,
                    "settle_seconds": 0
                  }
                }
                """.formatted(
                        etcd.endpoints().get(0)));

        ClusterConfig config = ClusterConfig.read(file);
        BucketKeeper cluster = BucketKeeper.configured(closedLater(EtcdStore.configured(config)), config);
        closedLater(cluster.monitor().start());
        closedLater(cluster.server().start());

        awaitCompatibleKeys(Set.of("dtable-server-01"));
        BucketRouter configured = closedLater(cluster.router());
        configured.awaitReady(Eventually.PATIENCE);
        assertThat(configured.route(Bucket.of(0)).node().nodeId()).isEqualTo("dtable-server-01");
    }

    private void awaitOwners(Set<String> owners) {
        Eventually.until(
                "the buckets to belong to " + owners,
                () -> router.assignment().nodes().equals(owners)
                        && router.assignment().unassignedBuckets().isEmpty());
    }

    private void awaitCompatibleKeys(Set<String> owners) {
        Eventually.until("256 keys that name " + owners, () -> {
            Map<String, String> keys = etcdctl.keys("assign-");
            return keys.size() == Bucket.COUNT && new HashSet<>(keys.values()).equals(owners);
        });
        Map<String, String> keys = etcdctl.keys("assign-");
        for (int i = 0; i < Bucket.COUNT; i++) {
            assertThat(keys).containsKey("assign-" + Bucket.of(i));
        }
        assertThat(etcdctl.keys("dtable-server-").keySet()).containsAll(owners);
    }

    private ClusterMonitor startMonitor() {
        return closedLater(ClusterMonitor.builder(store())
                .monitorId("monitor-" + closedInReverse.size())
                .settleWindow(SETTLE)
                .leaderTtl(LEADER_TTL)
                .nodeTtl(NODE_TTL)
                .compatibleKeys(CompatibleKeys.WRITTEN)
                .start());
    }

    private void startServers(String... nodeIds) {
        for (String nodeId : nodeIds) {
            startServer(store(), nodeId);
        }
    }

    private void startServer(EtcdStore store, String nodeId) {
        ClusterServer server = closedLater(ClusterServer.builder(store)
                .node(NodeInfo.of(nodeId, "https://" + nodeId + ".example.com/", "http://" + nodeId + ".internal/"))
                .sessionTtl(NODE_TTL)
                .compatibleKeys(CompatibleKeys.WRITTEN)
                .start());
        Eventually.get(server.registered());
    }

    private EtcdStore store() {
        return closedLater(EtcdStore.connect(etcd.endpoints().toArray(String[]::new)));
    }

    private <C extends AutoCloseable> C closedLater(C resource) {
        closedInReverse.add(resource);
        return resource;
    }
}
