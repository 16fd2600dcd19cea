package org.bucketkeeper.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bucketkeeper.VirtualCluster.KEYS;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.VirtualCluster.Member;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.AutomaticBalancing;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.memory.Direction;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClusterMonitorTest {

    private static final Duration SETTLE = Duration.ofSeconds(10);
    private static final Duration NODE_TTL = NodeRegistry.DEFAULT_SESSION_TTL;
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final VirtualCluster cluster = new VirtualCluster();

    @Nested
    class AtAColdStart {

        @Test
        void waitsForMoreNodesBeforeTheFirstAssignment() {
            startMonitor("m");
            cluster.startNode("a");
            cluster.advance(SETTLE.minusSeconds(1));
            assertThat(cluster.assignment().version()).isZero();
            cluster.startNode("b");

            cluster.advance(Duration.ofSeconds(2));

            assertThat(cluster.counts("a", "b")).containsExactly(128, 128);
            assertThat(cluster.assignment().version()).isEqualTo(1);
        }

        @Test
        void assignsEveryBucketInFairSharesByCapacity() {
            startMonitor("m");
            cluster.startNode(VirtualCluster.node("small").withCapacity(100));
            cluster.startNode(VirtualCluster.node("large").withCapacity(300));

            cluster.advance(SETTLE.plusSeconds(1));

            assertThat(cluster.counts("small", "large")).containsExactly(64, 192);
        }

        @Test
        void movesNothingAgainAfterTheFirstAssignment() {
            startMonitor("m");
            for (int i = 0; i < 64; i++) {
                cluster.startNode("node-" + i);
            }
            cluster.advance(SETTLE.plusSeconds(1));

            cluster.advance(Duration.ofHours(1));

            assertThat(cluster.assignment().version()).isEqualTo(1);
        }

        @Test
        void givesAReturningClusterTimeBeforeItTakesBucketsAway() {
            startMonitor("m");
            Member a = cluster.startNode("a");
            Member b = cluster.startNode("b");
            cluster.advance(SETTLE.plusSeconds(1));
            Assignment before = cluster.assignment();
            a.kill();
            b.kill();
            cluster.write(Transaction.builder()
                    .delete(KEYS.node("a"))
                    .delete(KEYS.node("b"))
                    .build());
            cluster.advance(NODE_TTL.multipliedBy(2));

            cluster.startNode("a");
            cluster.advance(Duration.ofSeconds(5));
            cluster.startNode("b");
            cluster.advance(Duration.ofMinutes(5));

            assertThat(cluster.assignment()).isEqualTo(before);
        }

        @Test
        void givesOwnersItNeverSawTimeBeforeItTakesTheirBuckets() {
            Member firstMonitor = cluster.process("m");
            startMonitor(firstMonitor, "m");
            cluster.startNode("a");
            Member b = cluster.startNode("b");
            cluster.advance(SETTLE.plusSeconds(1));
            Assignment before = cluster.assignment();
            firstMonitor.kill();
            b.kill();
            cluster.advance(NODE_TTL.plusSeconds(1));

            startMonitor("next");
            cluster.advance(SETTLE.minusSeconds(1));
            assertThat(cluster.assignment()).isEqualTo(before);
            cluster.startNode("b");
            cluster.advance(Duration.ofMinutes(5));

            assertThat(cluster.assignment()).isEqualTo(before);
        }
    }

    @Nested
    class WhenNodesComeAndGo {

        @Test
        void movesOnlyTheBucketsOfALostNode() {
            startMonitor("m");
            Member a = cluster.startNode("a");
            cluster.startNode("b");
            cluster.startNode("c");
            cluster.advance(SETTLE.plusSeconds(1));
            Assignment before = cluster.assignment();

            a.kill();
            cluster.advance(NODE_TTL.plusSeconds(1));

            assertThat(cluster.counts("a", "b", "c")).containsExactly(0, 128, 128);
            assertThat(cluster.assignment().differenceTo(before)).isEqualTo(before.bucketsOf("a"));
        }

        @Test
        void actsAsSoonAsTheLeaseIsGone() {
            startMonitor("m");
            cluster.startNode("a");
            cluster.startNode("b");
            NodeRegistry leaving = VirtualCluster.registry(cluster.process("c"));
            leaving.register(VirtualCluster.node("c"));
            cluster.advance(SETTLE.plusSeconds(1));

            cluster.await(leaving.leave());
            cluster.time.runDue();

            assertThat(cluster.counts("c")).containsExactly(0);
        }

        @Test
        void givesANewNodeNothingByItself() {
            startRunningCluster("a", "b");
            Assignment before = cluster.assignment();

            cluster.startNode("c");
            cluster.advance(Duration.ofHours(1));

            assertThat(cluster.assignment()).isEqualTo(before);
        }

        @Test
        void writesNothingWhileNobodyIsThere() {
            startMonitor("m");
            Member only = cluster.startNode("a");
            cluster.advance(SETTLE.plusSeconds(1));
            Assignment before = cluster.assignment();

            only.kill();
            cluster.advance(Duration.ofHours(1));

            assertThat(cluster.assignment()).isEqualTo(before);
        }
    }

    @Nested
    class WhenMostNodesVanishAtOnce {

        private Assignment loseThreeOfFiveInOneRevision() {
            startMonitor("m");
            Member[] nodes = new Member[5];
            for (int i = 0; i < 5; i++) {
                nodes[i] = cluster.startNode("node-" + i);
            }
            cluster.advance(SETTLE.plusSeconds(1));
            Assignment before = cluster.assignment();
            Transaction.Builder loss = Transaction.builder();
            for (int i = 0; i < 3; i++) {
                nodes[i].kill();
                loss.delete(KEYS.node("node-" + i));
            }
            cluster.write(loss.build());
            return before;
        }

        @Test
        void holdsAndMovesNothing() {
            Assignment before = loseThreeOfFiveInOneRevision();

            cluster.advance(Duration.ofSeconds(179));

            assertThat(cluster.assignment()).isEqualTo(before);
        }

        @Test
        void goesOnAfterTheHold() {
            loseThreeOfFiveInOneRevision();

            cluster.advance(Duration.ofSeconds(181));

            assertThat(cluster.assignment().nodes()).containsExactlyInAnyOrder("node-3", "node-4");
        }

        @Test
        void goesOnWhenAnOperatorSaysSo() {
            loseThreeOfFiveInOneRevision();
            ClusterOperator operator = startOperator();

            cluster.await(operator.resume());
            cluster.advance(MOMENT);

            assertThat(cluster.assignment().nodes()).containsExactlyInAnyOrder("node-3", "node-4");
        }

        @Test
        void refusesToRebalanceWhileItHolds() {
            loseThreeOfFiveInOneRevision();
            ClusterOperator operator = startOperator();

            CompletionStage<RebalanceOutcome> asked = operator.rebalance();
            cluster.advance(MOMENT);

            assertThatThrownBy(() -> asked.toCompletableFuture().join())
                    .cause()
                    .isInstanceOf(OperationRefusedException.class)
                    .hasMessageContaining("mass loss")
                    .hasMessageContaining("node-0");
        }

        @Test
        void goesOnWhenEnoughNodesAreBackAndMovesOnlyWhatIsStillMissing() {
            Assignment before = loseThreeOfFiveInOneRevision();
            cluster.advance(Duration.ofSeconds(20));

            cluster.startNode("node-0");
            cluster.startNode("node-1");
            cluster.advance(SETTLE.plusSeconds(1));

            assertThat(cluster.assignment().differenceTo(before)).isEqualTo(before.bucketsOf("node-2"));
        }

        @Test
        void holdsOnWhenAnotherMonitorTakesOverMeanwhile() {
            ClusterMonitor first = startMonitor("first");
            Assignment before = loseThreeOfFiveInOneRevision();
            cluster.advance(Duration.ofMinutes(2));

            cluster.await(first.resign());
            cluster.advance(Duration.ofMinutes(1));

            assertThat(cluster.assignment()).isEqualTo(before);
        }

        @Test
        void holdsOnWhenNodesThatCameBackVanishAgain() {
            Assignment before = loseThreeOfFiveInOneRevision();
            Member returned = cluster.startNode("node-0");
            Member another = cluster.startNode("node-1");
            cluster.advance(Duration.ofSeconds(1));

            returned.kill();
            another.kill();
            cluster.write(Transaction.builder()
                    .delete(KEYS.node("node-0"))
                    .delete(KEYS.node("node-1"))
                    .build());
            cluster.advance(SETTLE.plusSeconds(5));

            assertThat(cluster.assignment()).isEqualTo(before);
        }

        @Test
        void countsLossesWithinOneLeaseTimeTogether() {
            startMonitor("m");
            for (int i = 0; i < 5; i++) {
                cluster.startNode("node-" + i).kill();
            }
            startFreshNodes();

            deleteNode("node-0");
            cluster.advance(Duration.ofSeconds(20));
            deleteNode("node-1");
            cluster.advance(Duration.ofSeconds(20));
            Assignment beforeThird = cluster.assignment();
            deleteNode("node-2");
            cluster.advance(Duration.ofSeconds(20));

            assertThat(beforeThird.nodes()).containsExactlyInAnyOrder("node-2", "node-3", "node-4");
            assertThat(cluster.assignment()).isEqualTo(beforeThird);
        }

        private void startFreshNodes() {
            cluster.advance(NODE_TTL.plusSeconds(1));
            for (int i = 0; i < 5; i++) {
                cluster.write(Transaction.builder()
                        .put(KEYS.node("node-" + i), registrationOf("node-" + i))
                        .build());
            }
            cluster.advance(SETTLE.plusSeconds(1));
        }

        private void deleteNode(String nodeId) {
            cluster.write(Transaction.builder().delete(KEYS.node(nodeId)).build());
        }

        private String registrationOf(String nodeId) {
            return "{\"node_id\":\"" + nodeId + "\",\"node_url\":\"http://" + nodeId
                    + "/\",\"local_node_url\":\"http://" + nodeId + "/\",\"incarnation\":\"1\"}";
        }
    }

    @Nested
    class AmongSeveralMonitors {

        @Test
        void oneLeads() {
            ClusterMonitor first = startMonitor("first");
            ClusterMonitor second = startMonitor("second");
            cluster.advance(Duration.ofMinutes(1));

            assertThat(first.isLeading()).isTrue();
            assertThat(second.isLeading()).isFalse();
        }

        @Test
        void anotherTakesOverWhenTheLeaderDies() {
            Member leader = cluster.process("first");
            startMonitor(leader, "first");
            ClusterMonitor second = startMonitor("second");
            Member a = cluster.startNode("a");
            cluster.startNode("b");
            cluster.advance(SETTLE.plusSeconds(1));

            leader.kill();
            a.kill();
            cluster.advance(NODE_TTL.plusSeconds(1));

            assertThat(second.isLeading()).isTrue();
            assertThat(cluster.counts("a", "b")).containsExactly(0, 256);
        }

        @Test
        void anotherTakesOverAtOnceWhenTheLeaderResigns() {
            ClusterMonitor first = startMonitor("first");
            ClusterMonitor second = startMonitor("second");
            cluster.advance(Duration.ofMinutes(1));

            cluster.await(first.resign());
            cluster.advance(MOMENT);

            assertThat(first.isLeading()).isFalse();
            assertThat(second.isLeading()).isTrue();
        }

        @Test
        void oneThatIsCutOffKnowsThatItDoesNotLeadBeforeAnotherDoes() {
            Member leader = cluster.process("first");
            ClusterMonitor first = startMonitor(leader, "first");
            ClusterMonitor second = startMonitor("second");
            cluster.advance(Duration.ofMinutes(1));
            leader.client().faults().cut(Direction.BOTH);

            for (int i = 0; i < 300; i++) {
                cluster.advance(MOMENT);
                assertThat(first.isLeading() && second.isLeading()).isFalse();
            }

            assertThat(second.isLeading()).isTrue();
        }

        @Test
        void oneThatLostItsLeadershipWithoutKnowingWritesNothing() {
            Member leader = cluster.process("first");
            startMonitor(leader, "first");
            cluster.startNode("a");
            NodeRegistry b = VirtualCluster.registry(cluster.process("b"));
            b.register(VirtualCluster.node("b"));
            cluster.advance(SETTLE.plusSeconds(1));
            Assignment before = cluster.assignment();

            // The news of the lost leadership and of the lost node travel; the node's arrives first.
            leader.client().faults().slow(Direction.TO_STORE, Duration.ofMillis(50));
            cluster.await(b.leave());
            cluster.write(Transaction.builder()
                    .put(KEYS.monitor(), "{\"monitor_id\":\"usurper\"}")
                    .build());
            cluster.advance(Duration.ofSeconds(2));

            assertThat(cluster.assignment()).isEqualTo(before);
        }
    }

    @Nested
    class WhenTheStoreFails {

        @Test
        void doesNotApplyAPlanWhoseTableWasChangedMeanwhile() {
            Member monitor = startRunningCluster("a", "b");
            NodeRegistry c = VirtualCluster.registry(cluster.process("c"));
            c.register(VirtualCluster.node("c"));
            cluster.advance(MOMENT);
            cluster.await(startOperator().rebalance());
            monitor.client().faults().slow(Direction.TO_STORE, Duration.ofMillis(50));

            cluster.await(c.leave());
            String other = "{\"version\":77,\"buckets\":{\"00\":\"a\"}}";
            cluster.write(Transaction.builder().put(KEYS.assignment(), other).build());
            cluster.advance(Duration.ofMillis(60));

            assertThat(cluster.entry(KEYS.assignment()).value()).isEqualTo(other);
        }

        @Test
        void plansAnewFromTheTableThatItFound() {
            Member monitor = startRunningCluster("a", "b");
            monitor.client().faults().slow(Direction.TO_STORE, Duration.ofMillis(50));
            cluster.write(Transaction.builder()
                    .put(KEYS.assignment(), "{\"version\":77,\"buckets\":{\"00\":\"a\"}}")
                    .build());

            cluster.advance(Duration.ofSeconds(5));

            assertThat(cluster.assignment().version()).isEqualTo(78);
            assertThat(cluster.assignment().unassignedBuckets()).isEmpty();
        }

        @Test
        void appliesACommitOnceWhoseAnswerIsLost() {
            Member process = cluster.process("m");
            startMonitor(process, "m");
            Member a = cluster.startNode("a");
            cluster.startNode("b");
            cluster.advance(SETTLE.plusSeconds(1));
            a.kill();
            cluster.advance(NODE_TTL.minusSeconds(5));

            process.client().faults().loseNextCommitAnswer();
            cluster.advance(Duration.ofMinutes(2));

            assertThat(cluster.counts("b")).containsExactly(256);
            assertThat(cluster.assignment().version()).isEqualTo(2);
        }

        @Test
        void commitsAfterARequestWasLost() {
            Member process = cluster.process("m");
            startMonitor(process, "m");
            cluster.startNode("a");
            NodeRegistry b = VirtualCluster.registry(cluster.process("b"));
            b.register(VirtualCluster.node("b"));
            cluster.advance(SETTLE.plusSeconds(1));

            process.client().faults().loseNextRequest();
            cluster.await(b.leave());
            cluster.advance(Duration.ofSeconds(30));

            assertThat(cluster.counts("a")).containsExactly(256);
        }

        @Test
        void movesNothingWhenTheStoreComesBackWithEverybodyAfterALongTime() {
            startRunningCluster("a", "b", "c", "d");
            Assignment before = cluster.assignment();

            cluster.store.stop();
            cluster.advance(Duration.ofMinutes(10));
            cluster.store.start();
            cluster.advance(Duration.ofMinutes(10));

            assertThat(cluster.assignment()).isEqualTo(before);
        }

        @Test
        void assignsNothingWhileTheTableCannotBeRead() {
            startRunningCluster("a", "b");
            cluster.write(
                    Transaction.builder().put(KEYS.assignment(), "scribble").build());
            cluster.startNode("c");

            cluster.advance(Duration.ofHours(1));

            assertThat(cluster.entry(KEYS.assignment()).value()).isEqualTo("scribble");
        }
    }

    @Nested
    class WhenOperatorsSpeak {

        @Test
        void rebalancesWithTheFewestMovesAndAnswers() {
            startRunningCluster("a", "b");
            cluster.startNode("c");
            Assignment before = cluster.assignment();

            RebalanceOutcome outcome = cluster.await(startOperator().rebalance());

            assertThat(outcome)
                    .isEqualTo(new RebalanceOutcome(
                            85,
                            85,
                            cluster.assignment().revision(),
                            cluster.assignment().moves()));
            assertThat(outcome.moves()).hasSize(85);
            assertThat(cluster.counts("a", "b", "c")).containsExactlyInAnyOrder(85, 85, 86);
            assertThat(cluster.assignment().differenceTo(before).size()).isEqualTo(85);
        }

        @Test
        void answersARebalanceThatHasNothingToDo() {
            startRunningCluster("a", "b");

            RebalanceOutcome outcome = cluster.await(startOperator().rebalance());

            assertThat(outcome.total()).isZero();
            assertThat(outcome.moves()).isEmpty();
            assertThat(cluster.assignment().version()).isEqualTo(1);
        }

        @Test
        void tellsWhoeverWaitsThatTheOperatorWasClosed() {
            ClusterOperator operator = startOperator();
            CompletionStage<RebalanceOutcome> asked = operator.rebalance();
            cluster.time.runDue();

            operator.close();
            cluster.advance(MOMENT);

            assertThatThrownBy(() -> asked.toCompletableFuture().join())
                    .cause()
                    .isInstanceOf(IllegalStateException.class);
            assertThat(cluster.keys(KEYS.requests())).isEmpty();
        }

        @Test
        void tellsWhyNothingCanBeDone() {
            startMonitor("m");

            CompletionStage<RebalanceOutcome> asked = startOperator().rebalance();
            cluster.advance(MOMENT);

            assertThatThrownBy(() -> asked.toCompletableFuture().join())
                    .cause()
                    .isInstanceOf(OperationRefusedException.class)
                    .hasMessageContaining("no node is registered");
        }

        @Test
        void leavesNoRequestBehind() {
            startRunningCluster("a", "b");
            cluster.await(startOperator().rebalance());

            assertThat(cluster.keys(KEYS.requests())).isEmpty();
        }

        @Test
        void tellsTheOperatorWhenNoMonitorRuns() {
            cluster.startNode("a");

            CompletionStage<RebalanceOutcome> asked = startOperator().rebalance();
            cluster.advance(ClusterOperator.ANSWER_TIMEOUT);

            assertThatThrownBy(() -> asked.toCompletableFuture().join())
                    .cause()
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("no monitor answered");
            cluster.advance(MOMENT);
            assertThat(cluster.keys(KEYS.requests())).isEmpty();
        }

        @Test
        void plansWithoutChangingAnything() {
            startRunningCluster("a", "b");
            cluster.startNode("c");
            Assignment before = cluster.assignment();
            ClusterOperator operator = startOperator();

            var plan = cluster.await(operator.plan(RebalanceMode.BALANCE));
            cluster.advance(Duration.ofMinutes(5));

            assertThat(plan.moves()).hasSize(85);
            assertThat(cluster.assignment()).isEqualTo(before);
        }

        @Test
        void emptiesADrainedNode() {
            startRunningCluster("a", "b");

            cluster.await(startOperator().changePolicy(policy -> policy.drain("a")));
            cluster.advance(MOMENT);

            assertThat(cluster.counts("a", "b")).containsExactly(0, 256);
        }

        @Test
        void givesACordonedNodeNothingNew() {
            startRunningCluster("a", "b");
            cluster.startNode("c");
            ClusterOperator operator = startOperator();

            cluster.await(operator.changePolicy(policy -> policy.cordon("c")));
            cluster.await(operator.rebalance());

            assertThat(cluster.counts("a", "b", "c")).containsExactly(128, 128, 0);
        }

        @Test
        void putsAPinnedBucketWhereItIsPinned() {
            startRunningCluster("a", "b");
            Bucket bucket = cluster.assignment().bucketsOf("a").iterator().next();

            cluster.await(startOperator().changePolicy(policy -> policy.pin(bucket, "b")));
            cluster.advance(MOMENT);

            assertThat(cluster.assignment().nodeOf(bucket)).isEqualTo("b");
        }

        @Test
        void keepsBothOfTwoPolicyChangesMadeAtTheSameTime() {
            startRunningCluster("a", "b", "c");

            CompletionStage<Policy> one = startOperator().changePolicy(policy -> policy.cordon("a"));
            CompletionStage<Policy> two = startOperator().changePolicy(policy -> policy.cordon("b"));
            cluster.await(one);
            cluster.await(two);

            Policy stored = Policy.fromJson(cluster.entry(KEYS.policy()).value());
            assertThat(stored.cordoned()).isEqualTo(Set.of("a", "b"));
        }

        @Test
        void writesThePolicyItWasConfiguredWithSoThatLaterChangesBuildOnIt() {
            Member member = cluster.process("m");
            ClusterMonitor.builder(member.client())
                    .initialPolicy(Policy.DEFAULT.withAutomaticBalancing(AutomaticBalancing.ON))
                    .startSharing(member.link());
            cluster.advance(MOMENT);

            Policy changed = cluster.await(startOperator().changePolicy(policy -> policy.cordon("a")));

            assertThat(changed.automaticBalancing()).isEqualTo(AutomaticBalancing.ON);
        }

        @Test
        void leavesAPolicyThatAnOperatorWroteAlone() {
            cluster.await(startOperator().changePolicy(policy -> policy.cordon("a")));
            Member member = cluster.process("m");
            ClusterMonitor.builder(member.client())
                    .initialPolicy(Policy.DEFAULT.withAutomaticBalancing(AutomaticBalancing.ON))
                    .startSharing(member.link());
            cluster.advance(Duration.ofMinutes(1));

            Policy stored = Policy.fromJson(cluster.entry(KEYS.policy()).value());
            assertThat(stored).isEqualTo(Policy.DEFAULT.cordon("a"));
        }

        @Test
        void balancesInBoundedWavesWhenToldToBalanceByItself() {
            startRunningCluster("a", "b");
            cluster.await(startOperator().changePolicy(policy -> policy.withAutomaticBalancing(AutomaticBalancing.ON)));
            cluster.startNode("c");
            Assignment before = cluster.assignment();
            BucketSet moved = BucketSet.EMPTY;
            int waves = 0;

            for (int i = 0; i < 60; i++) {
                Assignment earlier = cluster.assignment();
                cluster.advance(Duration.ofSeconds(10));
                BucketSet wave = cluster.assignment().differenceTo(earlier);
                assertThat(wave.size()).isLessThanOrEqualTo(16);
                assertThat(wave.intersection(moved)).isEmpty();
                moved = moved.union(wave);
                waves += wave.isEmpty() ? 0 : 1;
            }

            assertThat(waves).isEqualTo(6);
            assertThat(moved).isEqualTo(cluster.assignment().differenceTo(before));
            assertThat(cluster.counts("a", "b", "c")).containsExactlyInAnyOrder(85, 85, 86);
        }
    }

    @Nested
    class BesideSeaTablesOwnPrograms {

        @Test
        void writesAKeyForEachBucket() {
            startCompatibleMonitor("m");
            cluster.startNode("a");
            cluster.startNode("b");

            cluster.advance(SETTLE.plusSeconds(1));

            assertCompatibleKeysAreRight();
        }

        @Test
        void keepsTheKeysInStepWithTheTable() {
            startCompatibleMonitor("m");
            Member a = cluster.startNode("a");
            cluster.startNode("b");
            cluster.advance(SETTLE.plusSeconds(1));

            a.kill();
            cluster.advance(NODE_TTL.plusSeconds(1));

            assertCompatibleKeysAreRight();
        }

        @Test
        void repairsTheKeysAfterAChangeOfLeader() {
            ClusterMonitor first = startCompatibleMonitor("first");
            cluster.startNode("a");
            cluster.startNode("b");
            cluster.advance(SETTLE.plusSeconds(1));
            cluster.write(Transaction.builder()
                    .put("assign-00", "nobody")
                    .delete("assign-ff")
                    .build());

            cluster.await(first.resign());
            startCompatibleMonitor("second");
            cluster.advance(Duration.ofSeconds(1));

            assertCompatibleKeysAreRight();
        }

        @Test
        void repairsTheKeysFromTimeToTime() {
            startCompatibleMonitor("m");
            cluster.startNode("a");
            cluster.advance(SETTLE.plusSeconds(1));
            cluster.write(Transaction.builder().delete("assign-7f").build());

            cluster.advance(Duration.ofMinutes(6));

            assertCompatibleKeysAreRight();
        }

        @Test
        void repairsTheKeysThatTheStoreLost() {
            startCompatibleMonitor("m");
            cluster.startNode("a");
            cluster.advance(SETTLE.plusSeconds(1));
            cluster.write(Transaction.builder().delete("assign-7f").build());
            cluster.store.pauseReplication();
            cluster.write(Transaction.builder().put("assign-7f", "a").build());

            cluster.store.failOver();
            cluster.advance(Duration.ofSeconds(10));

            assertCompatibleKeysAreRight();
        }

        @Test
        void writesNoSuchKeyUnlessAsked() {
            startRunningCluster("a", "b");

            assertThat(cluster.keys("assign-")).isEmpty();
        }

        private void assertCompatibleKeysAreRight() {
            assertThat(cluster.keys("assign-")).hasSize(Bucket.COUNT);
            for (int i = 0; i < Bucket.COUNT; i++) {
                Bucket bucket = Bucket.of(i);
                assertThat(cluster.entry("assign-" + bucket).value())
                        .isEqualTo(cluster.assignment().nodeOf(bucket));
            }
        }

        private ClusterMonitor startCompatibleMonitor(String name) {
            ClusterMonitor monitor = ClusterMonitor.builder(cluster.store.connect())
                    .monitorId(name)
                    .compatibleKeys(CompatibleKeys.WRITTEN)
                    .startSharing(cluster.process(name).link());
            cluster.time.runDue();
            return monitor;
        }
    }

    private Member startRunningCluster(String... nodeIds) {
        Member process = cluster.process("m");
        startMonitor(process, "m");
        for (String nodeId : nodeIds) {
            cluster.startNode(nodeId);
        }
        cluster.advance(SETTLE.plusSeconds(1));
        assertThat(cluster.assignment().version()).isEqualTo(1);
        return process;
    }

    private ClusterMonitor startMonitor(String name) {
        return startMonitor(cluster.process(name), name);
    }

    private ClusterMonitor startMonitor(Member process, String name) {
        ClusterMonitor monitor =
                ClusterMonitor.builder(process.client()).monitorId(name).startSharing(process.link());
        cluster.time.runDue();
        return monitor;
    }

    private ClusterOperator startOperator() {
        ClusterOperator operator =
                ClusterOperator.sharing(cluster.process("operator").link());
        cluster.time.runDue();
        return operator;
    }
}
