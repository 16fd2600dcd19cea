package org.bucketkeeper.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bucketkeeper.VirtualCluster.KEYS;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.driver.ProcessIdentity;
import org.bucketkeeper.driver.ProcessTable;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Transaction;
import org.junit.jupiter.api.Test;

/** A server crashed and is started again on the same machine, in virtual time. */
class TakeoverTest {

    private static final Duration MOMENT = Duration.ofMillis(10);

    private final VirtualCluster cluster = new VirtualCluster();
    private final Set<ProcessIdentity> dead = new HashSet<>();

    @Test
    void aRestartTakesTheRegistrationOverAtOnce() {
        VirtualCluster.Member first = start(1);
        Entry before = cluster.entry(KEYS.node("a"));
        crash(first, 1);

        start(2);
        cluster.advance(MOMENT);

        Entry after = cluster.entry(KEYS.node("a"));
        assertThat(after.leaseId()).isNotEqualTo(before.leaseId());
        assertThat(after.createRevision()).isEqualTo(before.createRevision());
    }

    @Test
    void theAssignmentStaysAsItIs() {
        VirtualCluster.Member first = start(1);
        cluster.startNode("b");
        VirtualCluster.Member monitor = cluster.process("monitor");
        ClusterMonitor.builder(monitor.client()).startSharing(monitor.link());
        cluster.advance(Duration.ofSeconds(11));
        Assignment before = cluster.assignment();
        crash(first, 1);

        start(2);
        cluster.advance(Duration.ofMinutes(5));

        assertThat(before.unassignedBuckets().isEmpty()).isTrue();
        assertThat(cluster.assignment()).isEqualTo(before);
    }

    @Test
    void whatStoodUnderTheDeadProcessesLeaseIsGone() {
        VirtualCluster.Member first = start(1);
        Entry registration = cluster.entry(KEYS.node("a"));
        cluster.write(Transaction.builder()
                .putUnder(registration.leaseId(), KEYS.claims() + "3f", "{}")
                .build());
        crash(first, 1);

        start(2);
        cluster.advance(MOMENT);

        assertThat(cluster.keys(KEYS.claims())).isEmpty();
    }

    @Test
    void waitsForTheLeaseOfAProcessThatIsNotProvenDead() {
        VirtualCluster.Member first = start(1);
        first.kill();

        start(2);
        Entry before = cluster.entry(KEYS.node("a"));
        cluster.advance(Duration.ofSeconds(60));
        assertThat(cluster.entry(KEYS.node("a"))).isEqualTo(before);

        cluster.advance(Duration.ofSeconds(60));
        assertThat(cluster.entry(KEYS.node("a")).leaseId()).isNotEqualTo(before.leaseId());
    }

    @Test
    void leavesAHolderThatLivesAlone() {
        start(1);
        Entry before = cluster.entry(KEYS.node("a"));

        start(2);
        cluster.advance(Duration.ofMinutes(2));

        assertThat(cluster.entry(KEYS.node("a"))).isEqualTo(before);
    }

    @Test
    void aHolderThatDoesNotSayWhoItIsProvesNothing() {
        VirtualCluster.Member silent = cluster.startNode("a");
        Entry before = cluster.entry(KEYS.node("a"));
        silent.kill();
        dead.add(identity(1));

        start(2);
        cluster.advance(Duration.ofSeconds(60));

        assertThat(cluster.entry(KEYS.node("a"))).isEqualTo(before);
    }

    private VirtualCluster.Member start(long pid) {
        VirtualCluster.Member process = cluster.process("a-" + pid, new Table(identity(pid)));
        VirtualCluster.registry(process).register(VirtualCluster.node("a"));
        cluster.advance(Duration.ZERO);
        return process;
    }

    private void crash(VirtualCluster.Member process, long pid) {
        process.kill();
        dead.add(identity(pid));
    }

    private static ProcessIdentity identity(long pid) {
        return new ProcessIdentity("boot", "pid:[1]", 1000, pid, 4711);
    }

    private final class Table implements ProcessTable {

        private final ProcessIdentity self;

        Table(ProcessIdentity self) {
            this.self = self;
        }

        @Override
        public ProcessIdentity self() {
            return self;
        }

        @Override
        public boolean isProvablyDead(ProcessIdentity process) {
            return dead.contains(process);
        }
    }
}
