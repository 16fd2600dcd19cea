package org.bucketkeeper.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bucketkeeper.store.memory.StoreBench.ONE_NANO;
import static org.bucketkeeper.store.memory.StoreBench.TIMEOUT;
import static org.bucketkeeper.store.memory.StoreBench.assertEnded;
import static org.bucketkeeper.store.memory.StoreBench.put;
import static org.bucketkeeper.store.memory.StoreBench.revisions;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchEvent.Reason;
import org.junit.jupiter.api.Test;

/**
 * A store that loses acknowledged writes. The plan: what is lost and what is not; revisions, lease ids and watches, by
 * which clients must not be deceived; requests under way; a restart that loses everything.
 */
class FailOverTest {

    private static final Duration TTL = Duration.ofSeconds(10);
    private static final long MANY_REVISIONS = 1_000_000;

    private final StoreBench bench = new StoreBench();
    private final InMemoryStore store = bench.store;
    private final InMemoryClient client = bench.client;

    @Test
    void losesWhatWasWrittenSinceReplicationPaused() {
        bench.commit(client, "kept", "v");
        store.pauseReplication();
        bench.commit(client, "lost", "v");

        store.failOver();

        assertThat(bench.keys()).containsExactly("kept");
    }

    @Test
    void bringsBackWhatWasOverwrittenOrDeletedSince() {
        bench.commit(client, "deleted", "old");
        bench.commit(client, "overwritten", "old");
        Snapshot before = read();
        store.pauseReplication();
        bench.commit(client, "overwritten", "new");
        delete("deleted");

        store.failOver();

        assertThat(read().entries()).isEqualTo(before.entries());
    }

    @Test
    void losesNothingWhileTheReplicaIsNotBehind() {
        bench.commit(client, "k", "v");

        store.failOver();

        assertThat(bench.keys()).containsExactly("k");
    }

    @Test
    void aReplicaThatIsBehindFallsBackNoFurtherByPausingItAgain() {
        store.pauseReplication();
        bench.commit(client, "lost", "v");
        store.pauseReplication();

        store.failOver();

        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void theReplicaHasEverythingAgainAfterwards() {
        store.pauseReplication();
        store.failOver();
        bench.commit(client, "k", "v");

        store.failOver();

        assertThat(bench.keys()).containsExactly("k");
    }

    @Test
    void revisionsGoOnFarAboveAllThatWereGivenOut() {
        store.pauseReplication();
        long lost = revisionOfCommit();

        store.failOver();

        assertThat(read().revision()).isGreaterThan(lost + MANY_REVISIONS);
        assertThat(revisionOfCommit()).isEqualTo(read().revision());
    }

    @Test
    void theIdentityStays() {
        String before = read().storeIdentity();

        store.failOver();

        assertThat(read().storeIdentity()).isEqualTo(before);
    }

    @Test
    void everyLeaseStartsAnew() {
        putUnder(grant(), "k");
        bench.time.advance(Duration.ofSeconds(9));

        store.failOver();
        bench.time.advance(TTL.minusNanos(1));
        assertThat(bench.keys()).containsExactly("k");
        bench.time.advance(ONE_NANO);

        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void aLeaseThatEndedSinceExistsAgainWithItsKeys() {
        Lease lease = grant();
        putUnder(lease, "k");
        store.pauseReplication();
        bench.time.advance(TTL);
        assertThat(bench.keys()).isEmpty();

        store.failOver();

        assertThat(bench.keys()).containsExactly("k");
        assertThat(bench.done(client.keepAlive(lease.id()))).isEqualTo(new KeepAliveResult.Renewed(TTL));
    }

    @Test
    void aLeaseThatWasGrantedSinceIsUnknownAndItsIdIsNotUsedAgain() {
        store.pauseReplication();
        Lease lost = grant();

        store.failOver();

        assertThat(bench.done(client.keepAlive(lost.id()))).isEqualTo(new KeepAliveResult.Expired());
        assertThat(grant().id()).isNotEqualTo(lost.id());
    }

    @Test
    void endsTheWatchesOfAllClients() {
        List<WatchEvent> events = bench.watch(client);

        store.failOver();
        bench.commit(client, "k", "v");

        assertThat(events).hasSize(1);
        assertEnded(events, Reason.DISCONNECTED);
    }

    @Test
    void noWatchStartsFromBefore() {
        bench.commit(client, "k", "v");
        store.failOver();
        long revision = read().revision();
        List<WatchEvent> tooEarly = new ArrayList<>();
        List<WatchEvent> afterwards = new ArrayList<>();

        client.watch("", revision, tooEarly::add);
        client.watch("", revision + 1, afterwards::add);
        bench.commit(client, "k", "w");

        assertThat(tooEarly).hasSize(1);
        assertEnded(tooEarly, Reason.COMPACTED);
        assertThat(revisions(afterwards)).containsExactly(revision + 1);
    }

    @Test
    void aRequestUnderWayIsLost() {
        client.faults().slow(Direction.TO_STORE, Duration.ofSeconds(1));
        var commit = client.commit(put("k", "v"));
        bench.time.runDue();

        store.failOver();
        bench.time.advance(TIMEOUT);

        assertThat(bench.done(commit)).isInstanceOf(CommitResult.Unknown.class);
        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void anAnswerUnderWayArrivesThoughWhatItSaysIsLost() {
        store.pauseReplication();
        client.faults().slow(Direction.FROM_STORE, Duration.ofSeconds(1));
        var commit = client.commit(put("k", "v"));
        bench.time.runDue();

        store.failOver();
        bench.time.advance(Duration.ofSeconds(1));

        assertThat(bench.done(commit)).isEqualTo(new CommitResult.Committed(2));
        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void aWatchUnderWayEndsAfterTheRequestTimeout() {
        client.faults().slow(Direction.TO_STORE, Duration.ofSeconds(1));
        List<WatchEvent> events = bench.watch(client);

        store.failOver();
        bench.time.advance(TIMEOUT.plusSeconds(1));

        assertThat(events).hasSize(1);
        assertEnded(events, Reason.DISCONNECTED);
    }

    @Test
    void aStoppedStoreServesAgain() {
        bench.commit(client, "k", "v");
        store.stop();

        store.failOver();

        assertThat(bench.keys()).containsExactly("k");
    }

    @Test
    void aRestartWithoutDataLosesEverything() {
        Lease lease = grant();
        putUnder(lease, "k");
        store.pauseReplication();

        store.restartWithoutData();

        assertThat(bench.keys()).isEmpty();
        assertThat(bench.done(client.keepAlive(lease.id()))).isEqualTo(new KeepAliveResult.Expired());
        assertThat(grant().id()).isNotEqualTo(lease.id());
    }

    @Test
    void everyRestartWithoutDataHasAnIdentityOfItsOwnAndLargerRevisions() {
        Snapshot first = read();
        store.restartWithoutData();
        Snapshot second = read();
        store.restartWithoutData();
        Snapshot third = read();

        assertThat(List.of(first.storeIdentity(), second.storeIdentity(), third.storeIdentity()))
                .doesNotHaveDuplicates();
        assertThat(second.revision()).isGreaterThan(first.revision() + MANY_REVISIONS);
        assertThat(third.revision()).isGreaterThan(second.revision() + MANY_REVISIONS);
    }

    @Test
    void aReplicaOfARestartedStoreDoesNotBringTheDataBack() {
        bench.commit(client, "k", "v");
        store.pauseReplication();
        store.restartWithoutData();

        store.failOver();

        assertThat(bench.keys()).isEmpty();
    }

    /** Whoever gave the store a loop would have it go on there for ever. */
    @Test
    void aClosedStoreDoesNotServeAgain() {
        CountsTimers loop = new CountsTimers(bench.time.newLoop());
        InMemoryStore closed = InMemoryStore.on(loop);
        bench.done(closed.connect().grantLease(TTL));
        closed.close();
        bench.time.runDue();
        int timersBefore = loop.timers;

        closed.failOver();
        closed.restartWithoutData();
        bench.time.runDue();

        assertThat(loop.timers).isEqualTo(timersBefore);
    }

    private Snapshot read() {
        return bench.done(bench.other.read(""));
    }

    private Lease grant() {
        return bench.done(client.grantLease(TTL));
    }

    private long revisionOfCommit() {
        return ((CommitResult.Committed) bench.done(client.commit(put("k", "v")))).revision();
    }

    private void putUnder(Lease lease, String key) {
        assertThat(bench.done(client.commit(
                        Transaction.builder().putUnder(lease.id(), key, "v").build())))
                .isInstanceOf(CommitResult.Committed.class);
    }

    private void delete(String key) {
        assertThat(bench.done(client.commit(Transaction.builder().delete(key).build())))
                .isInstanceOf(CommitResult.Committed.class);
    }

    private static final class CountsTimers implements EventLoop {

        private final EventLoop loop;
        private int timers;

        CountsTimers(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public long nanoTime() {
            return loop.nanoTime();
        }

        @Override
        public Instant timeOfDay() {
            return loop.timeOfDay();
        }

        @Override
        public void execute(Runnable task) {
            loop.execute(task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            timers++;
            return loop.schedule(delay, task);
        }

        @Override
        public void close() {
            loop.close();
        }
    }
}
