package org.bucketkeeper.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bucketkeeper.store.memory.StoreBench.ONE_NANO;
import static org.bucketkeeper.store.memory.StoreBench.TIMEOUT;
import static org.bucketkeeper.store.memory.StoreBench.assertEnded;
import static org.bucketkeeper.store.memory.StoreBench.put;
import static org.bucketkeeper.store.memory.StoreBench.revisions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchEvent.Reason;
import org.junit.jupiter.api.Test;

class ServerFaultsTest {

    private static final Duration TTL = Duration.ofSeconds(10);

    private final StoreBench bench = new StoreBench();
    private final InMemoryStore store = bench.store;
    private final InMemoryClient client = bench.client;

    @Test
    void aChangeOfTheLeaderStartsEveryLeaseAnew() {
        putUnderNewLease("k");
        bench.time.advance(Duration.ofSeconds(9));

        store.changeLeader();
        bench.time.advance(TTL.minusNanos(1));
        assertThat(bench.keys()).containsExactly("k");
        bench.time.advance(ONE_NANO);

        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void aChangeOfTheLeaderEndsTheWatchesOfAllClients() {
        List<WatchEvent> one = bench.watch(client);
        List<WatchEvent> other = bench.watch(bench.other);

        store.changeLeader();
        bench.commit(client, "k", "v");

        assertThat(one).hasSize(1);
        assertThat(other).hasSize(1);
        assertEnded(one, Reason.DISCONNECTED);
        assertEnded(other, Reason.DISCONNECTED);
    }

    @Test
    void aStoppedStoreHandlesNoRequest() {
        store.stop();
        var commit = client.commit(put("k", "v"));

        bench.time.advance(TIMEOUT);

        assertThat(bench.done(commit)).isInstanceOf(CommitResult.Unknown.class);
        store.start();
        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void aStoppedStoreKeepsWhatItHeldAndItsRevision() {
        bench.commit(client, "k", "v");

        store.stop();
        store.start();

        assertThat(bench.keys()).containsExactly("k");
        assertThat(bench.done(client.commit(put("k", "w")))).isEqualTo(new CommitResult.Committed(3));
    }

    @Test
    void aStoppedStoreEndsRunningWatches() {
        List<WatchEvent> events = bench.watch(client);

        store.stop();
        bench.time.runDue();

        assertThat(events).hasSize(1);
        assertEnded(events, Reason.DISCONNECTED);
    }

    @Test
    void aWatchThatIsOpenedWhileTheStoreIsStoppedEndsAfterTheRequestTimeout() {
        store.stop();
        List<WatchEvent> events = bench.watch(client);
        store.start();
        bench.commit(client, "k", "v");

        bench.time.advance(TIMEOUT);

        assertThat(events).hasSize(1);
        assertEnded(events, Reason.DISCONNECTED);
    }

    @Test
    void leasesDoNotExpireWhileTheStoreIsStoppedAndStartAnewWithIt() {
        putUnderNewLease("k");
        store.stop();
        bench.time.advance(TTL.multipliedBy(100));

        store.start();
        bench.time.advance(TTL.minusNanos(1));
        assertThat(bench.keys()).containsExactly("k");
        bench.time.advance(ONE_NANO);

        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void startingAStoreThatRunsChangesNothing() {
        putUnderNewLease("k");
        bench.time.advance(Duration.ofSeconds(9));

        store.start();
        bench.time.advance(Duration.ofSeconds(1));

        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void leasesThatRunOutTogetherEndInRevisionsOfTheirOwn() {
        putUnderNewLease("b");
        putUnderNewLease("a");
        List<WatchEvent> events = new ArrayList<>();
        client.watch("", 4, events::add);

        bench.time.advance(TTL);

        assertThat(revisions(events)).containsExactly(4L, 5L);
    }

    @Test
    void compactingLeavesRunningWatchesAlone() {
        List<WatchEvent> events = bench.watch(client);
        bench.commit(client, "k", "1");

        store.compact(3);
        bench.commit(client, "k", "2");

        assertThat(revisions(events)).containsExactly(2L, 3L);
    }

    @Test
    void compactingBeyondThePresentForgetsNothingThatIsYetToCome() {
        bench.commit(client, "k", "1");
        store.compact(1_000);
        bench.commit(client, "k", "2");

        List<WatchEvent> events = new ArrayList<>();
        client.watch("", 3, events::add);
        bench.time.runDue();

        assertThat(revisions(events)).containsExactly(3L);
    }

    @Test
    void onlyTheNewestRevisionsAreRemembered() {
        VirtualTime time = new VirtualTime();
        InMemoryClient brief = InMemoryStore.builder()
                .loop(time.newLoop())
                .historyLimit(3)
                .build()
                .connect();
        for (int i = 0; i < 5; i++) {
            brief.commit(put("k", "v" + i));
        }
        List<WatchEvent> tooEarly = new ArrayList<>();
        List<WatchEvent> justRemembered = new ArrayList<>();

        brief.watch("", 3, tooEarly::add);
        brief.watch("", 4, justRemembered::add);
        time.runDue();

        assertThat(tooEarly).hasSize(1);
        assertEnded(tooEarly, Reason.COMPACTED);
        assertThat(revisions(justRemembered)).containsExactly(4L, 5L, 6L);
    }

    @Test
    void aWatchSeesMoreRevisionsOfOneMomentThanAreRemembered() {
        VirtualTime time = new VirtualTime();
        InMemoryClient brief = InMemoryStore.builder()
                .loop(time.newLoop())
                .historyLimit(1)
                .build()
                .connect();
        for (int i = 0; i < 3; i++) {
            String key = "k" + i;
            brief.grantLease(TTL)
                    .thenCompose(lease -> brief.commit(
                            Transaction.builder().putUnder(lease.id(), key, "v").build()));
        }
        time.runDue();
        List<WatchEvent> events = new ArrayList<>();
        brief.watch("", 5, events::add);

        time.advance(TTL);

        assertThat(revisions(events)).containsExactly(5L, 6L, 7L);
    }

    private void putUnderNewLease(String key) {
        Lease lease = bench.done(client.grantLease(TTL));
        assertThat(bench.done(client.commit(
                        Transaction.builder().putUnder(lease.id(), key, "v").build())))
                .isInstanceOf(CommitResult.Committed.class);
    }
}
