package org.bucketkeeper.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.ownership.Guard;
import org.bucketkeeper.ownership.NotOwnerException;
import org.bucketkeeper.testing.EtcdServer;
import org.bucketkeeper.testing.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Buckets change hands on a real etcd with its default limits, while clients write through the guards. */
class HandOverOnEtcdTest {

    private static final Duration NODE_TTL = Duration.ofSeconds(4);
    private static final int WRITERS = 4;

    private EtcdServer etcd;
    private Etcdctl etcdctl;
    private ClusterOperator operator;
    private final Map<String, ClusterServer> servers = new ConcurrentHashMap<>();
    private final FencedLedger ledger = new FencedLedger();
    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final List<AutoCloseable> closedInReverse = new ArrayList<>();

    @BeforeEach
    void launch() {
        etcd = closedLater(EtcdServer.builder().controllable().launch());
        etcdctl = new Etcdctl(etcd.endpoints());
        operator = closedLater(ClusterOperator.connect(store()));
        closedLater(ClusterMonitor.builder(store())
                .settleWindow(Duration.ofSeconds(1))
                .leaderTtl(Duration.ofSeconds(3))
                .nodeTtl(NODE_TTL)
                .start());
    }

    @AfterEach
    void closeAll() throws Exception {
        writing.set(false);
        for (int i = closedInReverse.size() - 1; i >= 0; i--) {
            closedInReverse.get(i).close();
        }
    }

    @Test
    void everyBucketIsClaimedUnderItsOwnersLease() {
        startServer("dtable-server-01");

        awaitOwned("dtable-server-01", Bucket.COUNT);

        assertThat(etcdctl.keys("/bucketkeeper/default/claims/"))
                .hasSize(Bucket.COUNT)
                .allSatisfy((key, value) -> assertThat(value).contains("\"node_id\":\"dtable-server-01\""));
    }

    @Test
    void plannedMovesLoseNoWriteAndRefuseNoRequest() throws Exception {
        startServer("dtable-server-01");
        startServer("dtable-server-02");
        awaitOwned("dtable-server-01", 128);
        awaitOwned("dtable-server-02", 128);
        List<FutureTask<Set<String>>> writers = startWriters();

        Eventually.get(operator.changePolicy(policy -> policy.drain("dtable-server-01")));
        awaitOwned("dtable-server-02", Bucket.COUNT);
        Eventually.get(operator.changePolicy(policy -> policy.undrain("dtable-server-01")));
        Eventually.get(operator.rebalance());
        awaitOwned("dtable-server-01", 128);
        Eventually.get(operator.changePolicy(policy -> policy.drain("dtable-server-02")));
        awaitOwned("dtable-server-01", Bucket.COUNT);

        Set<String> acknowledged = acknowledgedBy(writers);
        assertThat(acknowledged).hasSizeGreaterThan(100).isEqualTo(ledger.written());
        assertThat(ledger.refused()).isZero();
    }

    @Test
    void aServerThatLeavesInOrderMakesNobodyWaitForItsLease() throws Exception {
        startServer("dtable-server-01");
        startServer("dtable-server-02");
        awaitOwned("dtable-server-01", 128);
        awaitOwned("dtable-server-02", 128);
        List<FutureTask<Set<String>>> writers = startWriters();

        leave("dtable-server-01");

        awaitOwned("dtable-server-02", Bucket.COUNT);
        assertThat(etcdctl.keys("/bucketkeeper/default/nodes/")).hasSize(1);
        Set<String> acknowledged = acknowledgedBy(writers);
        assertThat(acknowledged).isEqualTo(ledger.written());
        assertThat(ledger.refused()).isZero();
    }

    @Test
    void anOwnerThatDiesIsReplacedWhenItsLeaseHasExpired() {
        EtcdStore doomed = store();
        startServer(doomed, "dtable-server-01");
        startServer("dtable-server-02");
        awaitOwned("dtable-server-01", 128);
        awaitOwned("dtable-server-02", 128);
        Guard guard = anyGuardOf("dtable-server-01");

        doomed.close();
        awaitOwned("dtable-server-02", Bucket.COUNT);

        assertThat(guard.isValid()).isFalse();
        try (Guard successor = server("dtable-server-02").ownership().enter(guard.bucket())) {
            assertThat(successor.fencingToken()).isGreaterThan(guard.fencingToken());
        }
    }

    @Test
    void tokensGrowAcrossARestartOfTheStoreAndADeletionOfEverything() throws Exception {
        startServer("dtable-server-01");
        awaitOwned("dtable-server-01", Bucket.COUNT);
        long before = tokenOfFirstBucket();

        etcd.kill();
        etcd.start();
        etcdctl.deletePrefix("/bucketkeeper/default/");
        Eventually.until("a claim with a larger token", () -> tokenOfFirstBucket() > before);
    }

    private long tokenOfFirstBucket() {
        try (Guard guard = server("dtable-server-01").ownership().enter(Bucket.of(0))) {
            return guard.fencingToken();
        } catch (NotOwnerException notYet) {
            return 0;
        }
    }

    private Guard anyGuardOf(String nodeId) {
        ClusterServer server = server(nodeId);
        Bucket owned = server.ownership().status().owned().iterator().next();
        return server.ownership().enter(owned);
    }

    private List<FutureTask<Set<String>>> startWriters() {
        List<FutureTask<Set<String>>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            SplittableRandom random = new SplittableRandom(i);
            String name = "writer-" + i + "-";
            FutureTask<Set<String>> writer = new FutureTask<>(() -> write(name, random));
            new Thread(writer, name).start();
            writers.add(writer);
        }
        return writers;
    }

    private Set<String> acknowledgedBy(List<FutureTask<Set<String>>> writers) throws Exception {
        writing.set(false);
        Set<String> acknowledged = new HashSet<>();
        for (FutureTask<Set<String>> writer : writers) {
            acknowledged.addAll(writer.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
        return acknowledged;
    }

    /** Writes until told to stop, and fails if a request finds no owner; returns what was acknowledged. */
    private Set<String> write(String name, SplittableRandom random) throws InterruptedException {
        Set<String> acknowledged = new HashSet<>();
        for (int i = 0; writing.get(); i++) {
            String id = name + i;
            try (Guard guard = guardFor(new UUID(random.nextLong(), random.nextLong()))) {
                if (guard.isValid() && ledger.write(guard, id)) {
                    acknowledged.add(id);
                }
            }
        }
        return acknowledged;
    }

    /** Does what a proxy does: asks a server, and the one that is named by a refusal, for a bounded time. */
    private Guard guardFor(UUID base) throws InterruptedException {
        String asked = "dtable-server-01";
        long start = System.nanoTime();
        while (true) {
            try {
                return server(asked).ownership().enter(base, Duration.ofSeconds(2));
            } catch (NotOwnerException refused) {
                NodeInfo owner = refused.refusal().owner();
                if (owner == null
                        || System.nanoTime() - start > Duration.ofSeconds(5).toNanos()) {
                    throw refused;
                }
                asked = owner.nodeId();
            }
        }
    }

    private void leave(String nodeId) {
        CompletableFuture<Void> left = server(nodeId).leave().toCompletableFuture();
        Eventually.get(left);
    }

    private void awaitOwned(String nodeId, int count) {
        Eventually.until(
                nodeId + " to own " + count + " buckets",
                () -> server(nodeId).ownership().status().owned().size() == count);
    }

    private ClusterServer server(String nodeId) {
        return Objects.requireNonNull(servers.get(nodeId), nodeId);
    }

    private void startServer(String nodeId) {
        startServer(store(), nodeId);
    }

    private void startServer(EtcdStore store, String nodeId) {
        ClusterServer server = closedLater(ClusterServer.builder(store)
                .node(NodeInfo.of(nodeId, "https://" + nodeId + ".example.com/", "http://" + nodeId + ".internal/"))
                .sessionTtl(NODE_TTL)
                .start());
        servers.put(nodeId, server);
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
