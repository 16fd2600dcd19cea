package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.WatchEvent;
import org.junit.jupiter.api.Test;

abstract class WatchConformance extends ConformanceTests {

    WatchConformance(CoordinationStoreConformance kit) {
        super(kit);
    }

    @Test
    void aPutIsReportedWithValueRevisionsAndLease() {
        Lease lease = grant();
        RecordedWatch watch = watch(read().revision() + 1);

        long created = putUnder(lease, "k", "1");
        long modified = put("k", "2");

        awaitEvents(watch, 2);
        assertThat(watch.events())
                .containsExactly(
                        putEvent(created, new Entry(key("k"), "1", created, created, lease.id())),
                        putEvent(modified, new Entry(key("k"), "2", created, modified, Lease.NONE)));
    }

    @Test
    void aDeleteIsReportedWithItsRevision() {
        RecordedWatch watch = watch(put("k", "v") + 1);

        long revision = delete("k");

        awaitEvents(watch, 1);
        assertThat(watch.events()).containsExactly(deleteEvent(revision, "k"));
    }

    @Test
    void aKeyThatIsWrittenAnewAfterADeleteIsReportedWithItsNewCreateRevision() {
        put("k", "1");
        RecordedWatch watch = watch(delete("k") + 1);

        long created = put("k", "2");

        awaitEvents(watch, 1);
        assertThat(watch.events())
                .containsExactly(putEvent(created, new Entry(key("k"), "2", created, created, Lease.NONE)));
    }

    @Test
    void writingTheSameValueAgainIsReported() {
        RecordedWatch watch = watch(put("k", "v") + 1);

        long revision = put("k", "v");

        awaitEvents(watch, 1);
        assertThat(watch.events()).extracting(WatchEvent.Changes::revision).containsExactly(revision);
    }

    @Test
    void valuesOfAnyCharactersAndOfAHundredKilobytesAreReported() {
        String special = "\u00e4\u20ac\u6f22\ud83d\ude80\"\\\r\n\0";
        String large = "0123456789".repeat(10_000);
        RecordedWatch watch = watch(read().revision() + 1);

        put("special", special);
        put("large", large);
        put("empty", "");

        awaitEvents(watch, 3);
        assertThat(watch.changes())
                .extracting(change -> ((Change.Put) change).entry().value())
                .containsExactly(special, large, "");
    }

    @Test
    void allChangesOfATransactionAreReportedInOneEvent() {
        RecordedWatch watch = watch(put("old", "v") + 1);

        long revision =
                committed(transaction().put(key("a"), "v").delete(key("old")).put(key("b"), "v"));

        awaitEvents(watch, 1);
        assertThat(watch.events()).hasSize(1);
        assertThat(watch.changes())
                .containsExactlyInAnyOrder(
                        new Change.Put(new Entry(key("a"), "v", revision, revision, Lease.NONE)),
                        new Change.Delete(key("old"), revision),
                        new Change.Put(new Entry(key("b"), "v", revision, revision, Lease.NONE)));
    }

    @Test
    void theLargestTransactionIsReportedInOneEvent() {
        int max = client().maxTransactionOperations();
        RecordedWatch watch = watch(read().revision() + 1);
        var puts = transaction();
        IntStream.range(0, max).forEach(i -> puts.put(key("k" + i), "0123456789".repeat(100)));

        committed(puts);

        awaitEvents(watch, 1);
        assertThat(watch.events()).hasSize(1);
        assertThat(watch.changes()).hasSize(max);
    }

    @Test
    void ofATransactionOnlyTheChangesUnderThePrefixAreReported() {
        RecordedWatch watch = watch(client(), key("watched/"), read().revision() + 1);

        committed(transaction().put(key("watched/k"), "v").put(key("other/k"), "v"));

        awaitEvents(watch, 1);
        assertThat(watch.changes()).extracting(Change::key).containsExactly(key("watched/k"));
    }

    @Test
    void whatChangesNothingIsNotReported() {
        long revision = put("k", "v");
        RecordedWatch watch = watch(revision + 1);

        commit(transaction().ifAbsent(key("k")).put(key("k"), "rejected"));
        delete("missing");
        put("last", "v");

        awaitEvents(watch, 1);
        assertThat(watch.changes()).extracting(Change::key).containsExactly(key("last"));
    }

    @Test
    void changesOfOtherClientsAreReported() {
        RecordedWatch watch = watch(read().revision() + 1);

        await(anotherClient().commit(transaction().put(key("k"), "v").build()));

        awaitEvents(watch, 1);
        assertThat(watch.changes()).extracting(Change::key).containsExactly(key("k"));
    }

    @Test
    void aWatchFromAPastRevisionReportsEverythingFromThatRevisionOn() {
        put("a", "v");
        long second = put("b", "v");
        long third = put("a", "w");
        long fourth = delete("b");

        RecordedWatch watch = watch(second);
        long fifth = put("c", "v");

        awaitEvents(watch, 4);
        assertThat(watch.events())
                .extracting(WatchEvent.Changes::revision)
                .containsExactly(second, third, fourth, fifth);
    }

    @Test
    void aWatchFromAPastRevisionReportsTransactionsInOneEventEach() {
        long first = committed(transaction().put(key("a"), "v").put(key("b"), "v"));
        long second = committed(transaction().delete(key("a")).delete(key("b")));

        RecordedWatch watch = watch(first);

        awaitEvents(watch, 2);
        assertThat(watch.events()).extracting(WatchEvent.Changes::revision).containsExactly(first, second);
        assertThat(watch.changes()).hasSize(4);
    }

    @Test
    void aWatchFromAFutureRevisionWaitsForIt() {
        long from = put("k", "0") + 3;
        RecordedWatch watch = watch(from);
        List<Long> expected = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            long revision = put("k", Integer.toString(i));
            if (revision >= from) {
                expected.add(revision);
            }
        }

        awaitEvents(watch, expected.size());

        assertThat(watch.events()).extracting(WatchEvent.Changes::revision).isEqualTo(expected);
    }

    @Test
    void exactlyTheChangesUnderThePrefixAreReported() {
        RecordedWatch watch = watch(client(), key("a*"), read().revision() + 1);

        for (String name : List.of("a", "ab", "a*", "A*", "a*/1", "a+", "b", "xa*", "a*\u00e9")) {
            put(name, "v");
        }
        delete("ab");
        delete("a*");

        awaitEvents(watch, 4);
        assertThat(watch.changes())
                .extracting(Change::key)
                .containsExactly(key("a*"), key("a*/1"), key("a*\u00e9"), key("a*"));
    }

    @Test
    void anEmptyPrefixReportsAllKeys() {
        RecordedWatch watch = watch(client(), "", read().revision() + 1);

        put("k", "v");

        await(
                "the change",
                () -> watch.changes().stream().anyMatch(change -> change.key().equals(key("k"))));
    }

    @Test
    void changesOfManyKeysByManyClientsComeInRevisionOrder() {
        RecordedWatch watch = watch(read().revision() + 1);
        List<CompletableFuture<CommitResult>> commits = new ArrayList<>();
        for (int c = 0; c < 3; c++) {
            CoordinationStore writer = anotherClient();
            for (int i = 0; i < 40; i++) {
                commits.add(writer.commit(
                                transaction().put(key(c + "/" + i % 7), "v").build())
                        .toCompletableFuture());
            }
        }
        List<Long> revisions = commits.stream()
                .map(this::await)
                .map(result -> revisionOf(result))
                .sorted()
                .toList();

        awaitEvents(watch, revisions.size());

        assertThat(watch.events()).extracting(WatchEvent.Changes::revision).isEqualTo(revisions);
    }

    @Test
    void manyWatchesSeeTheSame() {
        long from = read().revision() + 1;
        List<RecordedWatch> watches = new ArrayList<>();
        CoordinationStore other = anotherClient();
        for (int i = 0; i < 50; i++) {
            watches.add(watch(i % 2 == 0 ? client() : other, prefix(), from));
        }

        List<Long> revisions = IntStream.range(0, 10)
                .mapToObj(i -> put("k" + i % 3, Integer.toString(i)))
                .toList();

        for (RecordedWatch watch : watches) {
            awaitEvents(watch, revisions.size());
            assertThat(watch.events()).extracting(WatchEvent.Changes::revision).isEqualTo(revisions);
        }
    }

    @Test
    void aClosedWatchReportsNothingMoreAndOthersGoOn() {
        long from = read().revision() + 1;
        RecordedWatch closed = watch(from);
        RecordedWatch open = watch(from);
        put("first", "v");
        awaitEvents(closed, 1);
        awaitEvents(open, 1);

        closed.close();
        put("second", "v");
        awaitEvents(open, 2);
        passTime(Duration.ofMillis(200));

        assertThat(closed.events()).hasSize(1);
        assertThat(closed.end()).isNull();
    }

    @Test
    void closingAWatchTwiceIsAllowed() {
        RecordedWatch watch = watch(read().revision() + 1);

        watch.close();
        watch.close();

        assertThat(watch.end()).isNull();
    }

    @Test
    void aWatchFromBeforeACompactionEndsAsCompacted() {
        long first = put("k", "1");
        put("k", "2");
        put("k", "3");
        long last = put("k", "4");
        compact(last);

        RecordedWatch watch = watch(first);

        await("the end of the watch", watch::hasEnded);
        assertThat(Objects.requireNonNull(watch.end()).reason()).isEqualTo(WatchEvent.Reason.COMPACTED);
        assertThat(watch.events()).isEmpty();
    }

    @Test
    void aWatchFromAfterACompactionReportsEverything() {
        put("k", "1");
        long compacted = put("k", "2");
        long third = put("k", "3");
        compact(compacted);

        RecordedWatch watch = watch(compacted + 1);
        long fourth = put("k", "4");

        awaitEvents(watch, 2);
        assertThat(watch.events()).extracting(WatchEvent.Changes::revision).containsExactly(third, fourth);
    }

    @Test
    void aCompactionTakesNothingFromWhatIsStored() {
        long first = put("a", "v");
        long second = put("b", "v");
        long last = delete("b");

        compact(last);

        assertThat(second).isGreaterThan(first);
        assertThat(entries()).containsExactly(new Entry(key("a"), "v", first, first, Lease.NONE));
    }

    @Test
    void readingAndThenWatchingMissesAndRepeatsNothingWhileAnotherClientWrites() {
        Writer writer = new Writer(anotherClient());
        writer.step();

        List<HandOff> handOffs = await(writer.done).stream().map(this::await).toList();

        assertThat(handOffs).hasSize(Writer.COUNT / Writer.WRITES_BETWEEN_HAND_OFFS);
        for (HandOff handOff : handOffs) {
            List<Integer> rest = IntStream.range(handOff.newestSeen() + 1, Writer.COUNT)
                    .boxed()
                    .toList();
            awaitEvents(handOff.watch, rest.size());
            assertThat(handOff.reported()).isEqualTo(rest);
        }
        assertThat(handOffs.get(0).reported())
                .as("changes after the first hand-off")
                .isNotEmpty();
    }

    private static WatchEvent.Changes putEvent(long revision, Entry entry) {
        return new WatchEvent.Changes(revision, List.of(new Change.Put(entry)));
    }

    private WatchEvent.Changes deleteEvent(long revision, String name) {
        return new WatchEvent.Changes(revision, List.of(new Change.Delete(key(name), revision)));
    }

    /** A read and the watch that carries on from it, of keys whose values count up. */
    private record HandOff(Snapshot snapshot, RecordedWatch watch) {

        int newestSeen() {
            return snapshot.entries().stream()
                    .mapToInt(entry -> Integer.parseInt(entry.value()))
                    .max()
                    .orElse(-1);
        }

        List<Integer> reported() {
            return watch.changes().stream()
                    .map(change -> Integer.valueOf(((Change.Put) change).entry().value()))
                    .toList();
        }
    }

    /**
     * Writes the numbers from zero on, one transaction each and one after the other, to a few keys in turn, and has the
     * test's first client begin to read and watch now and then meanwhile.
     */
    private final class Writer {

        private static final int COUNT = 1_000;
        private static final int WRITES_BETWEEN_HAND_OFFS = 100;

        private final CoordinationStore by;
        private final List<CompletionStage<HandOff>> handOffs = new ArrayList<>();
        private final CompletableFuture<List<CompletionStage<HandOff>>> done = new CompletableFuture<>();
        private int next;

        Writer(CoordinationStore by) {
            this.by = by;
        }

        void step() {
            by.commit(transaction()
                            .put(key("k" + next % 10), Integer.toString(next))
                            .build())
                    .whenComplete((result, failure) -> {
                        if (result instanceof CommitResult.Committed) {
                            goOn();
                        } else {
                            done.completeExceptionally(
                                    new IllegalStateException("commit " + next + ": " + result, failure));
                        }
                    });
        }

        private void goOn() {
            if (next % WRITES_BETWEEN_HAND_OFFS == 0) {
                handOffs.add(client().read(prefix())
                        .thenApply(snapshot -> new HandOff(snapshot, watch(snapshot.revision() + 1))));
            }
            next++;
            if (next < COUNT) {
                step();
            } else {
                done.complete(List.copyOf(handOffs));
            }
        }
    }
}
