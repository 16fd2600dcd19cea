package org.bucketkeeper.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bucketkeeper.store.memory.StoreBench.JUST_UNDER_TIMEOUT;
import static org.bucketkeeper.store.memory.StoreBench.ONE_NANO;
import static org.bucketkeeper.store.memory.StoreBench.TIMEOUT;
import static org.bucketkeeper.store.memory.StoreBench.assertEnded;
import static org.bucketkeeper.store.memory.StoreBench.put;
import static org.bucketkeeper.store.memory.StoreBench.revisions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchEvent.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultsTest {

    private final StoreBench bench = new StoreBench();
    private final InMemoryClient client = bench.client;
    private final Faults faults = client.faults();

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aRequestOfAClientThatIsCutOffFailsAfterTheRequestTimeoutAndNoEarlier(Direction direction) {
        faults.cut(direction);

        CompletionStage<Snapshot> read = client.read("");
        bench.time.advance(JUST_UNDER_TIMEOUT);
        assertThat(read.toCompletableFuture()).isNotDone();
        bench.time.advance(ONE_NANO);

        assertThat(read.toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(StoreException.class)
                .withMessageContaining("client-1")
                .withMessageContaining("read");
    }

    @Test
    void aCommitThatDidNotReachTheStoreIsUnknownAndHasNoEffect() {
        faults.cut(Direction.TO_STORE);

        CommitResult result = resultOfCommitAfterTimeout();

        assertThat(result).isInstanceOf(CommitResult.Unknown.class);
        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void aCommitWhoseAnswerWasCutOffIsUnknownAndHasItsEffect() {
        faults.cut(Direction.FROM_STORE);

        CommitResult result = resultOfCommitAfterTimeout();

        assertThat(result).isInstanceOf(CommitResult.Unknown.class);
        assertThat(bench.keys()).containsExactly("k");
    }

    @Test
    void aHealedClientIsServedAgain() {
        faults.cut(Direction.BOTH);
        faults.heal();

        bench.commit(client, "k", "v");
    }

    @Test
    void aCutConcernsOneClientOnly() {
        faults.cut(Direction.BOTH);

        bench.commit(bench.other, "k", "v");
    }

    @Test
    void whatIsUnderWayWhenTheLineIsCutIsLostAlsoIfItIsHealedBeforeTheArrival() {
        faults.slow(Direction.TO_STORE, Duration.ofSeconds(2));
        var commit = client.commit(put("k", "v"));
        bench.time.advance(Duration.ofSeconds(1));
        faults.cut(Direction.TO_STORE);
        faults.heal();

        bench.time.advance(TIMEOUT);

        assertThat(bench.done(commit)).isInstanceOf(CommitResult.Unknown.class);
        assertThat(bench.keys()).isEmpty();
    }

    @Test
    void aSlowConnectionTakesItsTimeBothWays() {
        faults.slow(Direction.TO_STORE, Duration.ofSeconds(1));
        faults.slow(Direction.FROM_STORE, Duration.ofSeconds(2));
        var commit = client.commit(put("k", "v"));

        bench.time.advance(Duration.ofSeconds(1).minusNanos(1));
        assertThat(bench.keys()).isEmpty();
        bench.time.advance(ONE_NANO);
        assertThat(bench.keys()).containsExactly("k");
        bench.time.advance(Duration.ofSeconds(2).minusNanos(1));
        assertThat(commit.toCompletableFuture()).isNotDone();
        bench.time.advance(ONE_NANO);

        assertThat(bench.done(commit)).isEqualTo(new CommitResult.Committed(2));
    }

    @Test
    void aCommitMayTakeEffectAfterItsResultBecameUnknown() {
        faults.slow(Direction.TO_STORE, Duration.ofSeconds(60));

        CommitResult result = resultOfCommitAfterTimeout();

        assertThat(result).isInstanceOf(CommitResult.Unknown.class);
        assertThat(bench.keys()).isEmpty();
        bench.time.advance(Duration.ofSeconds(55));
        assertThat(bench.keys()).containsExactly("k");
    }

    @Test
    void aLateAnswerChangesNothing() {
        faults.slow(Direction.FROM_STORE, Duration.ofSeconds(60));
        var commit = client.commit(put("k", "v"));
        bench.time.advance(TIMEOUT);
        CommitResult atTimeout = bench.done(commit);

        bench.time.advance(Duration.ofSeconds(60));

        assertThat(bench.done(commit)).isSameAs(atTimeout).isInstanceOf(CommitResult.Unknown.class);
    }

    @Test
    void jitterLetsRequestsOvertakeEachOtherButKeepsWatchEventsInOrder() {
        InMemoryClient watching = bench.store.connect();
        List<WatchEvent> events = bench.watch(watching);
        watching.faults()
                .slowWithJitter(Direction.FROM_STORE, Duration.ZERO, Duration.ofSeconds(1), new SplittableRandom(1));
        faults.slowWithJitter(Direction.TO_STORE, Duration.ZERO, Duration.ofSeconds(1), new SplittableRandom(2));
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add("k" + i);
            client.commit(put("k" + i, "v"));
        }

        bench.time.advance(Duration.ofSeconds(2));

        assertThat(revisions(events)).hasSize(20).isSorted();
        assertThat(events.stream()
                        .map(event ->
                                ((WatchEvent.Changes) event).changes().get(0).key())
                        .toList())
                .isNotEqualTo(sent)
                .containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        assertThat(historyWithJitter(7)).isEqualTo(historyWithJitter(7)).isNotEqualTo(historyWithJitter(8));
    }

    @Test
    void theNextRequestCanBeLost() {
        faults.loseNextRequest();

        CommitResult lost = resultOfCommitAfterTimeout();

        assertThat(lost).isInstanceOf(CommitResult.Unknown.class);
        assertThat(bench.keys()).isEmpty();
        bench.commit(client, "k", "v");
    }

    @Test
    void theAnswerOfTheNextCommitCanBeLost() {
        faults.loseNextCommitAnswer();
        assertThat(bench.done(client.read("")).entries()).isEmpty();

        CommitResult unanswered = resultOfCommitAfterTimeout();

        assertThat(unanswered).isInstanceOf(CommitResult.Unknown.class);
        assertThat(bench.keys()).containsExactly("k");
        bench.commit(client, "k", "v");
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aWatchEndsWhenACutHasLastedForTheRequestTimeout(Direction direction) {
        List<WatchEvent> events = bench.watch(client);
        faults.cut(direction);

        bench.time.advance(JUST_UNDER_TIMEOUT);
        assertThat(events).isEmpty();
        bench.time.advance(ONE_NANO);

        assertThat(events).hasSize(1);
        assertEnded(events, Reason.DISCONNECTED);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aWatchThatIsOpenedDuringACutEnds(Direction direction) {
        faults.cut(direction);
        bench.time.advance(TIMEOUT.multipliedBy(10));

        List<WatchEvent> events = bench.watch(client);
        bench.time.advance(TIMEOUT);

        assertThat(events).hasSize(1);
        assertEnded(events, Reason.DISCONNECTED);
    }

    @Test
    void aWatchThatLostAnEventEndsAndDoesNotGoOnWithAGapAlsoIfTheCutWasShort() {
        List<WatchEvent> events = bench.watch(client);
        faults.cut(Direction.FROM_STORE);
        bench.commit(bench.other, "lost", "v");
        faults.heal();

        bench.commit(bench.other, "later", "v");
        assertThat(events).isEmpty();
        bench.time.advance(TIMEOUT);

        assertThat(events).hasSize(1);
        assertEnded(events, Reason.DISCONNECTED);
    }

    @Test
    void aWatchWhoseRequestWasLostEndsAlsoIfTheCutWasShort() {
        faults.cut(Direction.TO_STORE);
        List<WatchEvent> events = bench.watch(client);
        faults.heal();

        bench.commit(bench.other, "k", "v");
        bench.time.advance(TIMEOUT);

        assertThat(events).hasSize(1);
        assertEnded(events, Reason.DISCONNECTED);
    }

    @Test
    void aWatchThatLostNothingInAShortCutGoesOn() {
        List<WatchEvent> events = bench.watch(client);
        faults.cut(Direction.BOTH);
        bench.time.advance(JUST_UNDER_TIMEOUT);
        faults.heal();
        bench.time.advance(TIMEOUT);

        bench.commit(bench.other, "k", "v");

        assertThat(revisions(events)).containsExactly(2L);
    }

    @Test
    void aSecondCutCountsItsTimeAfresh() {
        List<WatchEvent> events = bench.watch(client);
        faults.cut(Direction.BOTH);
        bench.time.advance(Duration.ofSeconds(4));
        faults.heal();
        faults.cut(Direction.BOTH);

        bench.time.advance(JUST_UNDER_TIMEOUT);
        assertThat(events).isEmpty();
        bench.time.advance(ONE_NANO);

        assertEnded(events, Reason.DISCONNECTED);
    }

    @Test
    void aWatchThatLostItsEndIsToldLater() {
        List<WatchEvent> events = bench.watch(client);
        faults.cut(Direction.FROM_STORE);
        bench.store.changeLeader();
        bench.time.runDue();
        faults.heal();

        bench.time.advance(TIMEOUT);

        assertThat(events).hasSize(1);
        assertEnded(events, Reason.DISCONNECTED);
    }

    @Test
    void watchesCanBeDropped() {
        List<WatchEvent> dropped = bench.watch(client);
        List<WatchEvent> untouched = bench.watch(bench.other);

        faults.dropWatches();
        bench.commit(bench.other, "k", "v");

        assertThat(dropped).hasSize(1);
        assertEnded(dropped, Reason.DISCONNECTED);
        assertThat(revisions(untouched)).containsExactly(2L);
    }

    @Test
    void aClosedWatchIsNotToldOfItsLoss() {
        List<WatchEvent> events = new ArrayList<>();
        var watch = client.watch("", 2, events::add);
        bench.time.runDue();
        faults.cut(Direction.FROM_STORE);
        bench.commit(bench.other, "k", "v");

        watch.close();
        bench.time.advance(TIMEOUT.multipliedBy(2));

        assertThat(events).isEmpty();
    }

    @Test
    void anEventCanBeRepeatedAgainstTheContract() {
        List<WatchEvent> events = bench.watch(client);
        faults.breakContractByRepeatingNextWatchEvent();

        bench.commit(bench.other, "a", "v");
        bench.commit(bench.other, "b", "v");

        assertThat(revisions(events)).containsExactly(2L, 2L, 3L);
    }

    @Test
    void anEventCanBeOmittedAgainstTheContract() {
        List<WatchEvent> events = bench.watch(client);
        faults.breakContractByOmittingNextWatchEvent();

        bench.commit(bench.other, "a", "v");
        bench.commit(bench.other, "b", "v");

        assertThat(revisions(events)).containsExactly(3L);
    }

    @Test
    void aNegativeDelayIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> faults.slow(Direction.BOTH, Duration.ofMillis(-1)))
                .withMessageContaining("delay")
                .withMessageContaining("PT-0.001S");
    }

    private CommitResult resultOfCommitAfterTimeout() {
        var commit = client.commit(put("k", "v"));
        bench.time.advance(TIMEOUT);
        return bench.done(commit);
    }

    private static List<WatchEvent> historyWithJitter(long seed) {
        StoreBench fresh = new StoreBench();
        List<WatchEvent> events = fresh.watch(fresh.other);
        fresh.client
                .faults()
                .slowWithJitter(Direction.BOTH, Duration.ZERO, Duration.ofSeconds(1), new SplittableRandom(seed));
        for (int i = 0; i < 20; i++) {
            fresh.client.commit(put("k" + i, "v"));
        }
        fresh.time.advance(Duration.ofSeconds(2));
        return events;
    }
}
