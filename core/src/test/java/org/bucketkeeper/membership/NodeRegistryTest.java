package org.bucketkeeper.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bucketkeeper.VirtualCluster.KEYS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.VirtualCluster.Member;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.memory.Direction;
import org.bucketkeeper.store.memory.Faults;
import org.junit.jupiter.api.Test;

class NodeRegistryTest {

    private static final Duration TTL = NodeRegistry.DEFAULT_SESSION_TTL;

    private final VirtualCluster cluster = new VirtualCluster();
    private final Member process = cluster.process("a");
    private final NodeRegistry registry = VirtualCluster.registry(process);
    private final NodeRegistry observer = VirtualCluster.registry(cluster.process("observer"));
    private final List<String> events = new ArrayList<>();

    NodeRegistryTest() {
        registry.addListener(new RegistrationListener() {
            @Override
            public void registered(LiveNode self) {
                events.add("registered");
            }

            @Override
            public void lost(LiveNode self, String reason) {
                events.add("lost " + reason);
            }

            @Override
            public void failed(DuplicateNodeException cause) {
                events.add("failed");
            }
        });
    }

    @Test
    void writesTheRegistrationUnderALease() {
        LiveNode self = register();

        var entry = cluster.entry(KEYS.node("a"));
        assertThat(entry.value())
                .isEqualTo("{\"node_id\":\"a\",\"node_url\":\"https://a.example.com/\","
                        + "\"local_node_url\":\"http://a.internal/\",\"incarnation\":\""
                        + self.incarnation()
                        + "\",\"capacity\":100}");
        assertThat(Long.toHexString(entry.leaseId())).isEqualTo(self.incarnation());
    }

    @Test
    void staysRegisteredForDays() {
        LiveNode self = register();

        cluster.advance(Duration.ofDays(3));

        assertThat(observer.nodes()).containsExactly(self);
        assertThat(events).containsExactly("registered");
    }

    @Test
    void tellsEverybodyWhoIsLive() {
        LiveNode self = register();

        assertThat(observer.nodes()).containsExactly(self);
        assertThat(observer.node("a")).isEqualTo(self);
        assertThat(observer.node("b")).isNull();
    }

    @Test
    void tellsListenersWhoJoinsAndLeaves() {
        List<String> seen = new ArrayList<>();
        observer.addListener(new NodeListener() {
            @Override
            public void joined(LiveNode node) {
                seen.add("joined " + node.nodeId());
            }

            @Override
            public void left(LiveNode node) {
                seen.add("left " + node.nodeId());
            }
        });
        register();
        cluster.await(registry.leave());
        cluster.advance(Duration.ZERO);

        assertThat(seen).containsExactly("joined a", "left a");
    }

    @Test
    void leavesAtOnceWhenAsked() {
        register();

        cluster.await(registry.leave());

        assertThat(cluster.keys(KEYS.nodes())).isEmpty();
    }

    @Test
    void aDeadProcessIsListedUntilItsLeaseExpiresAndNoLonger() {
        register();
        process.kill();

        cluster.advance(TTL.minusSeconds(1));
        assertThat(observer.nodes()).hasSize(1);
        cluster.advance(Duration.ofSeconds(2));

        assertThat(observer.nodes()).isEmpty();
    }

    @Test
    void givesNothingUpInAnOutageShorterThanTheLease() {
        LiveNode self = register();
        cluster.advance(Duration.ofSeconds(29));

        process.client().faults().cut(Direction.BOTH);
        cluster.advance(Duration.ofSeconds(55));
        process.client().faults().heal();
        cluster.advance(Duration.ofMinutes(10));

        assertThat(events).containsExactly("registered");
        assertThat(observer.nodes()).containsExactly(self);
    }

    @Test
    void registersAnewAsANewIncarnationAfterAnOutageLongerThanTheLease() {
        LiveNode self = register();

        process.client().faults().cut(Direction.BOTH);
        cluster.advance(Duration.ofSeconds(200));
        assertThat(observer.nodes()).isEmpty();
        process.client().faults().heal();
        cluster.advance(Duration.ofSeconds(10));

        assertThat(events).containsExactly("registered", "lost DEADLINE_PASSED", "registered");
        assertThat(observer.nodes()).hasSize(1);
        assertThat(observer.nodes().get(0).incarnation()).isNotEqualTo(self.incarnation());
    }

    @Test
    void registersAnewWhenTheStoreLosesARegistrationThatNoWatchHasShown() {
        loseTheRegistrationAndKeepTheLease(Duration.ZERO);

        assertThat(events).containsExactly("registered", "lost KEY_TAKEN_AWAY", "registered");
        assertThat(observer.nodes()).hasSize(1);
    }

    @Test
    void registersAnewWhenItHearsOfARegistrationThatTheStoreHasLostBefore() {
        loseTheRegistrationAndKeepTheLease(Duration.ofSeconds(3));

        assertThat(events).containsExactly("registered", "lost KEY_TAKEN_AWAY", "registered");
        assertThat(observer.nodes()).hasSize(1);
    }

    @Test
    void takesItsOwnEarlierRegistrationOverWhenTheStoreGoesBackToIt() {
        registerAnewBehindTheReplica();

        cluster.store.failOver();
        cluster.advance(Duration.ofSeconds(2));

        assertThat(events).endsWith("lost KEY_TAKEN_AWAY", "registered");
        assertThat(observer.nodes()).extracting(LiveNode::nodeId).containsExactly("a");
    }

    @Test
    void isRegisteredAgainHoweverOftenTheStoreGoesBackAndRestartsItsLeases() {
        registerAnewBehindTheReplica();
        cluster.store.failOver();
        for (int i = 0; i < 3; i++) {
            cluster.advance(Duration.ofSeconds(80));
            cluster.store.changeLeader();
        }

        cluster.advance(Duration.ofSeconds(10));

        assertThat(events).endsWith("registered").doesNotContain("failed");
    }

    @Test
    void neverFailsOnceItWasRegistered() {
        register();
        cluster.write(Transaction.builder().put(KEYS.node("a"), "{}").build());

        cluster.advance(TTL.multipliedBy(4));
        assertThat(events).containsExactly("registered", "lost KEY_TAKEN_AWAY");
        cluster.write(Transaction.builder().delete(KEYS.node("a")).build());
        cluster.advance(Duration.ofSeconds(1));

        assertThat(events).endsWith("registered");
    }

    @Test
    void stopsRelyingOnTheRegistrationBeforeTheStoreCanExpireIt() {
        register();
        process.client().faults().cut(Direction.BOTH);

        cluster.advance(TTL.minus(Duration.ofMillis(1_500)));

        assertThat(events).contains("lost DEADLINE_PASSED");
        assertThat(observer.nodes()).hasSize(1);
    }

    @Test
    void neverSeemsGoneWhenTheWholeStoreWasAwayAndCameBack() {
        LiveNode self = register();
        List<String> goneAt = new ArrayList<>();
        cluster.advance(Duration.ofSeconds(1));

        cluster.store.stop();
        cluster.advance(Duration.ofMinutes(5));
        cluster.store.start();
        for (int i = 0; i < 300; i++) {
            cluster.advance(Duration.ofMillis(100));
            if (cluster.keys(KEYS.nodes()).isEmpty()) {
                goneAt.add("after " + i);
            }
        }

        assertThat(goneAt).isEmpty();
        assertThat(observer.nodes()).extracting(LiveNode::nodeId).containsExactly("a");
        assertThat(observer.nodes().get(0).incarnation()).isNotEqualTo(self.incarnation());
    }

    @Test
    void comesBackWhenItsKeyIsDeletedByHand() {
        register();

        cluster.write(Transaction.builder().delete(KEYS.node("a")).build());
        cluster.advance(Duration.ofSeconds(1));

        assertThat(events).containsExactly("registered", "lost KEY_TAKEN_AWAY", "registered");
        assertThat(observer.nodes()).hasSize(1);
    }

    @Test
    void isRegisteredOnceWhenTheAnswerToTheClaimIsLost() {
        process.client().faults().loseNextCommitAnswer();

        CompletionStage<LiveNode> registered = registry.register(VirtualCluster.node("a"));
        cluster.advance(Duration.ofSeconds(30));

        assertThat(registered.toCompletableFuture()).isCompleted();
        assertThat(events).containsExactly("registered");
        assertThat(cluster.keys(KEYS.nodes())).hasSize(1);
    }

    @Test
    void registersOnceTheStoreCanBeReached() {
        process.client().faults().cut(Direction.BOTH);
        CompletionStage<LiveNode> registered = registry.register(VirtualCluster.node("a"));
        cluster.advance(Duration.ofMinutes(10));
        assertThat(registered.toCompletableFuture()).isNotDone();

        process.client().faults().heal();
        cluster.advance(Duration.ofSeconds(10));

        assertThat(registered.toCompletableFuture()).isCompleted();
    }

    @Test
    void aSecondProcessOfTheSameNameFailsAfterWaitingAndNeverHoldsTheName() {
        LiveNode first = register();
        NodeRegistry second = VirtualCluster.registry(cluster.process("a again"));

        CompletionStage<LiveNode> registered = second.register(VirtualCluster.node("a"));
        for (int i = 0; i < 179; i++) {
            cluster.advance(Duration.ofSeconds(1));
            assertThat(observer.nodes()).containsExactly(first);
            assertThat(registered.toCompletableFuture()).isNotDone();
        }
        cluster.advance(Duration.ofSeconds(2));

        assertThatThrownBy(() -> registered.toCompletableFuture().join())
                .cause()
                .isInstanceOf(DuplicateNodeException.class)
                .hasMessageContaining("node_id \"a\" is held by another process");
        assertThat(observer.nodes()).containsExactly(first);
    }

    @Test
    void aSecondProcessOfTheSameNameTakesOverWhenTheFirstOnesLeaseExpires() {
        register();
        process.kill();
        NodeRegistry second = VirtualCluster.registry(cluster.process("a again"));

        CompletionStage<LiveNode> registered = second.register(VirtualCluster.node("a"));
        cluster.advance(TTL.plusSeconds(1));

        assertThat(registered.toCompletableFuture()).isCompleted();
    }

    @Test
    void passesOverARegistrationThatCannotBeRead() {
        register();

        cluster.write(Transaction.builder()
                .put(KEYS.node("broken"), "{\"node_id\":\"broken\"}")
                .build());
        cluster.write(Transaction.builder().put(KEYS.node("worse"), "no json").build());

        assertThat(observer.nodes()).extracting(LiveNode::nodeId).containsExactly("a");
    }

    @Test
    void writesTheCompatibleKeyUnderTheSameLeaseIfAsked() {
        NodeRegistry compatible = NodeRegistry.sharing(
                cluster.process("dtable-server-01").link(),
                NodeRegistry.sessionSettings(TTL, null),
                CompatibleKeys.WRITTEN);

        LiveNode self = cluster.await(compatible.register(VirtualCluster.node("dtable-server-01")));

        var entry = cluster.entry("dtable-server-01");
        assertThat(entry.value())
                .isEqualTo("{\"node_url\":\"https://dtable-server-01.example.com/\","
                        + "\"local_node_url\":\"http://dtable-server-01.internal/\"}");
        assertThat(Long.toHexString(entry.leaseId())).isEqualTo(self.incarnation());
    }

    @Test
    void waitsForACompatibleKeyThatAnotherProgramHolds() {
        cluster.write(Transaction.builder().put("dtable-server-01", "{}").build());
        NodeRegistry compatible = NodeRegistry.sharing(
                cluster.process("dtable-server-01").link(),
                NodeRegistry.sessionSettings(TTL, null),
                CompatibleKeys.WRITTEN);

        CompletionStage<LiveNode> registered = compatible.register(VirtualCluster.node("dtable-server-01"));
        cluster.advance(Duration.ofSeconds(5));
        assertThat(registered.toCompletableFuture()).isNotDone();
        cluster.write(Transaction.builder().delete("dtable-server-01").build());
        cluster.advance(Duration.ofSeconds(2));

        assertThat(registered.toCompletableFuture()).isCompleted();
    }

    @Test
    void registersOneNodeOnly() {
        register();

        assertThatThrownBy(() -> registry.register(VirtualCluster.node("b"))).isInstanceOf(IllegalStateException.class);
    }

    /** The answer to the registration takes {@code delay}; the store has lost it one second after it was given. */
    private void loseTheRegistrationAndKeepTheLease(Duration delay) {
        Faults network = process.client().faults();
        cluster.time.runDue();
        network.slow(Direction.TO_STORE, Duration.ofSeconds(1));
        registry.register(VirtualCluster.node("a"));
        cluster.advance(Duration.ofMillis(1_500));
        cluster.store.pauseReplication();
        network.slow(Direction.TO_STORE, Duration.ZERO);
        network.slow(Direction.FROM_STORE, delay);
        network.breakContractByOmittingNextWatchEvent();
        cluster.advance(Duration.ofSeconds(1));
        assertThat(cluster.keys(KEYS.nodes())).hasSize(1);
        network.slow(Direction.FROM_STORE, Duration.ZERO);
        cluster.store.failOver();
        cluster.advance(Duration.ofSeconds(10));
    }

    /** The replica knows of the first registration only. */
    private void registerAnewBehindTheReplica() {
        register();
        cluster.advance(Duration.ofSeconds(5));
        cluster.store.pauseReplication();
        cluster.write(Transaction.builder().delete(KEYS.node("a")).build());
        cluster.advance(Duration.ofSeconds(5));
    }

    private LiveNode register() {
        return cluster.await(registry.register(VirtualCluster.node("a")));
    }
}
