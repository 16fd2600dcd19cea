package org.bucketkeeper.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.WatchEvent;
import org.junit.jupiter.api.Test;

/** What a test or a simulation can rely on beyond the contract that the conformance kit checks. */
class InMemoryStoreTest {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryStore store = InMemoryStore.on(time.newLoop());
    private final InMemoryClient client = store.connect();

    @Test
    void anEmptyStoreIsAtRevisionOneAndItsFirstChangeAtTwo() {
        assertThat(done(client.read(""))).isEqualTo(new Snapshot("memory", 1, List.of()));

        assertThat(done(client.commit(put("k", "v")))).isEqualTo(new CommitResult.Committed(2));

        assertThat(done(client.read("")).entries()).containsExactly(new Entry("k", "v", 2, 2, Lease.NONE));
    }

    @Test
    void noStageIsDoneBeforeTheLoopHasRun() {
        CompletionStage<Snapshot> read = client.read("");

        assertThat(read.toCompletableFuture()).isNotDone();
    }

    @Test
    void aLeaseEndsExactlyAtItsTtlAndTakesItsKeysInOneRevision() {
        Lease lease = done(client.grantLease(Duration.ofSeconds(10)));
        done(client.commit(Transaction.builder()
                .putUnder(lease.id(), "a", "1")
                .putUnder(lease.id(), "b", "2")
                .build()));
        List<WatchEvent> events = new ArrayList<>();
        client.watch("", 3, events::add);

        time.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(done(client.read("")).entries()).hasSize(2);
        time.advance(Duration.ofNanos(1));

        assertThat(events)
                .containsExactly(
                        new WatchEvent.Changes(3, List.of(new Change.Delete("a", 3), new Change.Delete("b", 3))));
        assertThat(done(client.keepAlive(lease.id()))).isEqualTo(new KeepAliveResult.Expired());
    }

    @Test
    void aShortLeaseThatIsGrantedAfterALongOneEndsInTime() {
        done(client.grantLease(Duration.ofSeconds(100)));
        Lease shortOne = done(client.grantLease(Duration.ofSeconds(10)));
        done(client.commit(
                Transaction.builder().putUnder(shortOne.id(), "k", "v").build()));
        List<WatchEvent> events = new ArrayList<>();
        client.watch("", 3, events::add);

        time.advance(Duration.ofSeconds(10));

        assertThat(events).containsExactly(new WatchEvent.Changes(3, List.of(new Change.Delete("k", 3))));
    }

    @Test
    void aRequestThatArrivesAtTheMomentAtWhichALeaseRunsOutFindsItGone() {
        InMemoryClient slow = store.connect();
        slow.faults().slow(Direction.TO_STORE, Duration.ofSeconds(1));
        CompletionStage<Snapshot> read = slow.read("");
        Lease lease = done(client.grantLease(Duration.ofSeconds(1)));
        done(client.commit(Transaction.builder().putUnder(lease.id(), "k", "v").build()));

        time.advance(Duration.ofSeconds(1));

        assertThat(done(read).entries()).isEmpty();
    }

    @Test
    void aTtlIsMadeUpToWholeSeconds() {
        assertThat(done(client.grantLease(Duration.ofMillis(1))).ttl()).isEqualTo(Duration.ofSeconds(1));
        assertThat(done(client.grantLease(Duration.ofMillis(1001))).ttl()).isEqualTo(Duration.ofSeconds(2));
        assertThat(done(client.grantLease(Duration.ofSeconds(90))).ttl()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aTtlThatIsNotPositiveIsRefusedByName() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> client.grantLease(Duration.ZERO))
                .withMessageContaining("ttl")
                .withMessageContaining("PT0S");
    }

    @Test
    void theStoreRunsOnAThreadOfItsOwnWhereNoLoopIsGiven() throws Exception {
        try (InMemoryStore real = InMemoryStore.create();
                InMemoryClient one = real.connect();
                InMemoryClient other = real.connect()) {
            one.commit(put("k", "v")).toCompletableFuture().get(10, TimeUnit.SECONDS);

            Snapshot seen = other.read("").toCompletableFuture().get(10, TimeUnit.SECONDS);

            assertThat(seen.entries()).extracting(Entry::key).containsExactly("k");
        }
    }

    private static Transaction put(String key, String value) {
        return Transaction.builder().put(key, value).build();
    }

    private <T> T done(CompletionStage<T> stage) {
        time.runDue();
        assertThat(stage.toCompletableFuture()).isCompleted();
        return stage.toCompletableFuture().join();
    }
}
