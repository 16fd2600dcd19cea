package org.bucketkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.ownership.Guard;
import org.bucketkeeper.ownership.NotOwnerException;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.memory.Direction;
import org.bucketkeeper.store.memory.InMemoryClient;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The face as users have it: real threads and real time. */
class ClusterServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Keyspace KEYS = new Keyspace(Keyspace.DEFAULT_PREFIX);

    private final InMemoryStore store = InMemoryStore.create();

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void registersAndRoutes() throws Exception {
        try (ClusterMonitor monitor = ClusterMonitor.builder(store.connect())
                        .settleWindow(Duration.ZERO)
                        .start();
                ClusterServer server = ClusterServer.builder(store.connect())
                        .node(VirtualCluster.node("a"))
                        .start()) {
            LiveNode self = server.awaitRegistered(PATIENCE);
            server.router().awaitReady(PATIENCE);

            assertThat(server.router()
                            .route("3f8a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2c")
                            .node())
                    .isEqualTo(self.info());
            assertThat(monitor.monitorId()).startsWith("monitor-");
        }
    }

    @Test
    void hasLeftWhenCloseReturns() throws Exception {
        InMemoryClient client = store.connect();
        ClusterServer server =
                ClusterServer.builder(client).node(VirtualCluster.node("a")).start();
        server.awaitRegistered(PATIENCE);

        server.close();
        client.close();

        assertThat(entriesUnder(KEYS.nodes())).isEmpty();
    }

    @Test
    void tellsWhenItHasLeft() throws Exception {
        ClusterServer server = ClusterServer.builder(store.connect())
                .node(VirtualCluster.node("a"))
                .start();
        server.awaitRegistered(PATIENCE);

        server.leave().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(entriesUnder(KEYS.nodes())).isEmpty();
    }

    @Test
    void refusesInsteadOfLettingWaitWhenItIsClosed() {
        ClusterServer server = ClusterServer.builder(store.connect())
                .node(VirtualCluster.node("a"))
                .start();
        server.close();

        CompletionStage<Guard> guard = server.ownership().enterAsync("3f8a2b1c0d4e4f5a8b6c7d8e9f0a1b2c", PATIENCE);

        assertThat(guard).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(NotOwnerException.class);
    }

    @Test
    void closesInTimeWhenTheStoreIsAway() throws Exception {
        InMemoryClient client = store.connect();
        ClusterServer server =
                ClusterServer.builder(client).node(VirtualCluster.node("a")).start();
        server.awaitRegistered(PATIENCE);

        client.faults().cut(Direction.BOTH);
        server.close();
        server.close();

        assertThat(entriesUnder(KEYS.nodes())).hasSize(1);
    }

    @Test
    void saysThatItIsNotRegisteredYet() {
        InMemoryClient client = store.connect();
        client.faults().cut(Direction.BOTH);

        try (ClusterServer server =
                ClusterServer.builder(client).node(VirtualCluster.node("a")).start()) {
            assertThatThrownBy(() -> server.awaitRegistered(Duration.ofMillis(50)))
                    .isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void needsANode() {
        assertThatThrownBy(() -> ClusterServer.builder(store.connect()).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("node must be set");
    }

    @Test
    void refusesASessionThatIsTooShort() {
        assertThatThrownBy(() -> ClusterServer.builder(store.connect())
                        .node(VirtualCluster.node("a"))
                        .sessionTtl(Duration.ofSeconds(1))
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 2");
    }

    @Test
    void leavesNoThreadBehindAndHoldsNoProgramUp() throws Exception {
        ClusterServer server = ClusterServer.builder(store.connect())
                .node(VirtualCluster.node("thread-watched"))
                .start();
        server.awaitRegistered(PATIENCE);
        List<Thread> threads = threadsOf("thread-watched");
        assertThat(threads).hasSizeBetween(1, 2).allMatch(Thread::isDaemon);

        server.close();

        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void aRouterOfItsOwnFollowsTheSameCluster() throws Exception {
        try (ClusterMonitor monitor = ClusterMonitor.builder(store.connect())
                        .settleWindow(Duration.ZERO)
                        .start();
                BucketRouter router = BucketRouter.connect(store.connect());
                ClusterServer server = ClusterServer.builder(store.connect())
                        .node(VirtualCluster.node("a"))
                        .start()) {
            router.awaitReady(PATIENCE);

            assertThat(router.assignment().nodes()).containsExactly("a");
            assertThat(server.registry()).isNotNull();
            assertThat(monitor.isLeading()).isTrue();
        }
    }

    private static List<Thread> threadsOf(String nodeId) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(nodeId))
                .toList();
    }

    private List<Entry> entriesUnder(String prefix) throws Exception {
        return store.connect()
                .read(prefix)
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .entries();
    }
}
