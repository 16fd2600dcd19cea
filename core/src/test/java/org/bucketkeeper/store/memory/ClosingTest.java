package org.bucketkeeper.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.bucketkeeper.store.memory.StoreBench.assertEnded;
import static org.bucketkeeper.store.memory.StoreBench.put;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.Watch;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchEvent.Reason;
import org.junit.jupiter.api.Test;

class ClosingTest {

    private final StoreBench bench = new StoreBench();
    private final InMemoryClient client = bench.client;

    @Test
    void closingAClientFailsWhatIsUnderWayAtOnce() {
        var read = client.read("");
        var commit = client.commit(put("k", "v"));

        client.close();

        assertThat(read.toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(StoreException.class)
                .withMessageContaining("client-1")
                .withMessageContaining("closed");
        assertThat(commit.toCompletableFuture().join()).isInstanceOf(CommitResult.Unknown.class);
    }

    @Test
    void aRequestThatHadNotLeftWhenItsClientWasClosedHasNoEffect() {
        var unused = client.commit(put("k", "v"));

        client.close();

        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void closingAClientEndsItsWatchesWithoutAnEvent() {
        List<WatchEvent> events = bench.watch(client);

        client.close();
        bench.commit(bench.other, "k", "v");

        assertThat(events).isEmpty();
    }

    @Test
    void anEventThatIsUnderWayWhenTheClientIsClosedIsNotReported() {
        List<WatchEvent> events = bench.watch(client);
        client.faults().slow(Direction.FROM_STORE, Duration.ofSeconds(1));
        bench.commit(bench.other, "k", "v");

        client.close();
        bench.time.advance(Duration.ofSeconds(1));

        assertThat(events).isEmpty();
    }

    @Test
    void anEventThatIsUnderWayWhenItsWatchIsClosedIsNotReported() {
        List<WatchEvent> events = new ArrayList<>();
        Watch watch = client.watch("", 2, events::add);
        client.faults().slow(Direction.FROM_STORE, Duration.ofSeconds(1));
        bench.commit(bench.other, "k", "v");

        watch.close();
        bench.time.advance(Duration.ofSeconds(1));

        assertThat(events).isEmpty();
    }

    @Test
    void aWatchOfAClosedClientEndsAtOnce() {
        client.close();

        List<WatchEvent> events = new ArrayList<>();
        client.watch("", 1, events::add);

        assertEnded(events, Reason.DISCONNECTED);
    }

    @Test
    void theLeasesOfAClosedClientRunOut() {
        Lease lease = bench.done(client.grantLease(Duration.ofSeconds(10)));
        bench.done(client.commit(
                Transaction.builder().putUnder(lease.id(), "k", "v").build()));

        client.close();
        bench.time.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(bench.keys()).containsExactly("k");
        bench.time.advance(Duration.ofNanos(1));

        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void closingTheStoreClosesItsClientsAndTakesNoMore() {
        var read = client.read("");

        bench.store.close();
        bench.store.close();

        assertThat(read.toCompletableFuture()).isCompletedExceptionally();
        assertThat(bench.other.read("").toCompletableFuture()).isCompletedExceptionally();
        assertThatIllegalStateException().isThrownBy(bench.store::connect);
    }

    @Test
    void closingTheStoreLeavesAGivenLoopOpen() {
        EventLoop loop = bench.time.newLoop();
        List<String> ran = new ArrayList<>();

        InMemoryStore.on(loop).close();
        loop.execute(() -> ran.add("task"));
        bench.time.runDue();

        assertThat(ran).containsExactly("task");
    }

    @Test
    void closingAStoreWithAThreadOfItsOwnFailsWhatIsUnderWay() {
        InMemoryStore real = InMemoryStore.create();
        InMemoryClient cutOff = real.connect();
        cutOff.faults().cut(Direction.BOTH);
        CompletableFuture<?> read = cutOff.read("").toCompletableFuture();

        real.close();

        assertThat(read).failsWithin(10, TimeUnit.SECONDS);
        assertThat(cutOff.read("").toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void badArgumentsAreRefusedInTheCall() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.watch("", 0, event -> {}))
                .withMessageContaining("fromRevision")
                .withMessageContaining("0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InMemoryStore.builder().historyLimit(0))
                .withMessageContaining("historyLimit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InMemoryStore.builder().requestTimeout(Duration.ZERO))
                .withMessageContaining("requestTimeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.grantLease(Duration.ofDays(40_000)))
                .withMessageContaining("ttl");
    }

    @Test
    void aCallerCannotCompleteAStage() {
        var read = client.read("");

        read.toCompletableFuture().cancel(false);

        assertThat(bench.done(client.read("")).entries()).isEmpty();
        assertThat(bench.done(read).revision()).isEqualTo(1);
    }
}
