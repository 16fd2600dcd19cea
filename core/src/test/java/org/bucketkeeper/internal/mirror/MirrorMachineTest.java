package org.bucketkeeper.internal.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bucketkeeper.internal.mirror.MirrorAction.CloseWatch;
import org.bucketkeeper.internal.mirror.MirrorAction.Disconnected;
import org.bucketkeeper.internal.mirror.MirrorAction.OpenWatch;
import org.bucketkeeper.internal.mirror.MirrorAction.Publish;
import org.bucketkeeper.internal.mirror.MirrorAction.Read;
import org.bucketkeeper.internal.mirror.MirrorAction.WarnHistoryWentBack;
import org.bucketkeeper.internal.mirror.MirrorAction.WarnWatchMissedChange;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.WatchEvent;
import org.junit.jupiter.api.Test;

class MirrorMachineTest {

    private final MirrorMachine machine = new MirrorMachine(MirrorSettings.DEFAULT, new SplittableRandom(1));
    private final List<MirrorAction> actions = new ArrayList<>();
    private long now = 1_000;

    @Test
    void readsFirstAndWatchesFromTheNextRevision() {
        start(10, entry("a", 5));

        assertThat(only(OpenWatch.class).fromRevision()).isEqualTo(11);
        assertThat(machine.entries()).containsOnlyKeys("a");
        assertThat(only(Publish.class).update().changedKeys()).containsExactly("a");
    }

    @Test
    void appliesChangesInOrder() {
        start(10, entry("a", 5));

        watched(11, new Change.Put(entry("b", 11)));
        watched(12, new Change.Delete("a", 12));

        assertThat(machine.entries()).containsOnlyKeys("b");
        assertThat(machine.revision()).isEqualTo(12);
    }

    @Test
    void dropsAChangeThatItHasAlready() {
        start(10, entry("a", 5));
        watched(11, new Change.Put(entry("a", 11)));
        actions.clear();

        watched(11, new Change.Delete("a", 11));
        watched(9, new Change.Delete("a", 9));

        assertThat(machine.entries()).containsOnlyKeys("a");
        assertThat(all(Publish.class)).isEmpty();
    }

    @Test
    void readsAgainWhenTheWatchEndsAndFindsWhatWasMissed() {
        start(10, entry("a", 5));
        actions.clear();

        endWatch();
        awaitRead(new Snapshot("store", 20, List.of(entry("b", 15))));

        assertThat(machine.entries()).containsOnlyKeys("b");
        assertThat(only(Publish.class).update().changedKeys()).containsExactlyInAnyOrder("a", "b");
        assertThat(only(OpenWatch.class).fromRevision()).isEqualTo(21);
    }

    @Test
    void saysThatTheStoreMayLackWritesAfterAWatchEndedAndNotAfterAComparison() {
        start(10, entry("a", 5));
        assertThat(only(Publish.class).update().mayLackWrites()).isFalse();
        actions.clear();
        awaitRead(new Snapshot("store", 20, List.of(entry("a", 5))));
        assertThat(only(Publish.class).update().mayLackWrites()).isFalse();
        actions.clear();

        endWatch();
        awaitRead(new Snapshot("store", 20, List.of(entry("a", 5))));

        assertThat(only(Publish.class).update().mayLackWrites()).isTrue();
        assertThat(only(Publish.class).update().wentBack()).isFalse();
    }

    @Test
    void ignoresAWatchThatItGaveUp() {
        start(10, entry("a", 5));
        long oldWatch = only(OpenWatch.class).watchNumber();
        endWatch();
        awaitRead(new Snapshot("store", 20, List.of(entry("a", 5))));

        send(new MirrorEvent.Watched(oldWatch, new WatchEvent.Changes(30, List.of(new Change.Delete("a", 30)))));

        assertThat(machine.entries()).containsOnlyKeys("a");
    }

    @Test
    void saysThatTheStoreIsAwayWhenTheWatchEnds() {
        start(10);

        endWatch();

        assertThat(all(Disconnected.class)).hasSize(1);
    }

    @Test
    void retriesAFailedReadWithGrowingDelays() {
        send(new MirrorEvent.Started());
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            failRead();
            delays.add(machine.nanosToNextTick(now));
            passToNextTick();
        }

        assertThat(delays.get(0)).isBetween(millis(75), millis(125));
        assertThat(delays.get(3)).isBetween(millis(600), millis(1_000));
        assertThat(delays.subList(8, 12)).allMatch(delay -> delay >= millis(3_750) && delay <= millis(6_250));
    }

    @Test
    void keepsItsCopyWhileTheStoreIsAway() {
        start(10, entry("a", 5));
        endWatch();
        passToNextTick();

        failRead();

        assertThat(machine.entries()).containsOnlyKeys("a");
    }

    @Test
    void comparesItselfWithTheStoreFromTimeToTime() {
        start(10, entry("a", 5));
        actions.clear();

        passToNextTick();

        assertThat(all(Read.class)).hasSize(1);
        assertThat(now - 1_000)
                .isBetween(
                        Duration.ofMinutes(3).toNanos(), Duration.ofMinutes(7).toNanos());
    }

    @Test
    void aComparisonRepairsWhatTheWatchMissedAndWarns() {
        start(10, entry("a", 5));
        watched(30, new Change.Put(entry("c", 30)));
        actions.clear();

        passToNextTick();
        answer(new Snapshot("store", 31, List.of(entry("a", 5), entry("b", 20), entry("c", 30))));

        assertThat(machine.entries()).containsOnlyKeys("a", "b", "c");
        assertThat(only(WarnWatchMissedChange.class).key()).isEqualTo("b");
    }

    @Test
    void aComparisonThatIsAheadOfTheWatchIsNoReasonToWarn() {
        start(10, entry("a", 5));
        actions.clear();
        passToNextTick();
        answer(new Snapshot("store", 31, List.of(entry("a", 31))));

        watched(31, new Change.Put(entry("a", 31)));

        assertThat(all(WarnWatchMissedChange.class)).isEmpty();
        assertThat(all(Publish.class)).hasSize(1);
    }

    @Test
    void aComparisonThatTheWatchOvertookChangesNothing() {
        start(10, entry("a", 5));
        actions.clear();
        passToNextTick();
        watched(40, new Change.Delete("a", 40));

        answer(new Snapshot("store", 35, List.of(entry("a", 5))));

        assertThat(machine.entries()).isEmpty();
        assertThat(machine.revision()).isEqualTo(40);
    }

    @Test
    void aLateAnswerToAReadDoesNotTurnHistoryBack() {
        start(100, entry("a", 90));
        send(new MirrorEvent.RefreshRequested());
        watched(105, new Change.Put(entry("b", 105)));
        endWatch();

        answer(new Snapshot("store", 100, List.of(entry("a", 90))));

        assertThat(machine.entries()).containsOnlyKeys("a", "b");
        assertThat(all(WarnHistoryWentBack.class)).isEmpty();
        awaitRead(new Snapshot("store", 106, List.of(entry("b", 105))));
        assertThat(machine.entries()).containsOnlyKeys("b");
        assertThat(machine.revision()).isEqualTo(106);
    }

    @Test
    void followsAStoreWhoseHistoryWentBack() {
        start(100, entry("a", 90));
        endWatch();
        actions.clear();

        awaitRead(new Snapshot("store", 50, List.of(entry("b", 40))));

        assertThat(machine.entries()).containsOnlyKeys("b");
        assertThat(machine.revision()).isEqualTo(50);
        assertThat(all(WarnHistoryWentBack.class)).hasSize(1);
        assertThat(only(OpenWatch.class).fromRevision()).isEqualTo(51);
    }

    @Test
    void followsAnotherStoreThatTookThePlaceOfTheFirst() {
        start(100, entry("a", 90));
        actions.clear();
        send(new MirrorEvent.RefreshRequested());

        answer(new Snapshot("another", 200, List.of(entry("b", 40))));

        assertThat(machine.entries()).containsOnlyKeys("b");
        assertThat(all(CloseWatch.class)).hasSize(1);
        assertThat(only(OpenWatch.class).fromRevision()).isEqualTo(201);
    }

    @Test
    void tellsSubscribersWhenARefreshIsDoneEvenIfNothingDiffers() {
        start(10, entry("a", 5));
        actions.clear();
        send(new MirrorEvent.RefreshRequested());

        answer(new Snapshot("store", 12, List.of(entry("a", 5))));

        assertThat(only(Publish.class).update().revision()).isEqualTo(12);
        assertThat(only(Publish.class).update().changedKeys()).isEmpty();
    }

    private void start(long revision, Entry... entries) {
        send(new MirrorEvent.Started());
        answer(new Snapshot("store", revision, List.of(entries)));
    }

    private void awaitRead(Snapshot snapshot) {
        passToNextTick();
        answer(snapshot);
    }

    private void answer(Snapshot snapshot) {
        send(new MirrorEvent.ReadSucceeded(lastRead(), snapshot));
    }

    private void failRead() {
        send(new MirrorEvent.ReadFailed(lastRead(), new StoreException("away")));
    }

    private long lastRead() {
        List<Read> reads = all(Read.class);
        return reads.get(reads.size() - 1).readNumber();
    }

    private void watched(long revision, Change change) {
        watched(new WatchEvent.Changes(revision, List.of(change)));
    }

    private void endWatch() {
        watched(new WatchEvent.Ended(WatchEvent.Reason.DISCONNECTED, null));
    }

    private void watched(WatchEvent event) {
        send(new MirrorEvent.Watched(currentWatch, event));
    }

    private long currentWatch;

    private void send(MirrorEvent event) {
        note(machine.onEvent(event, now));
    }

    private void passToNextTick() {
        now += Math.max(0, machine.nanosToNextTick(now));
        note(machine.onTick(now));
    }

    private void note(List<MirrorAction> newActions) {
        for (MirrorAction action : newActions) {
            if (action instanceof OpenWatch open) {
                currentWatch = open.watchNumber();
            }
        }
        actions.addAll(newActions);
    }

    private <A extends MirrorAction> List<A> all(Class<A> type) {
        return actions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private <A extends MirrorAction> A only(Class<A> type) {
        assertThat(all(type)).hasSize(1);
        return all(type).get(0);
    }

    private static Entry entry(String key, long revision) {
        return new Entry(key, "value", revision, revision, 0);
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
