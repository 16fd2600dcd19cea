package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.junit.jupiter.api.Test;

abstract class ReadConformance extends ConformanceTests {

    ReadConformance(CoordinationStoreConformance kit) {
        super(kit);
    }

    @Test
    void anUnusedPrefixIsEmptyAtARevision() {
        Snapshot snapshot = read();

        assertThat(snapshot.entries()).isEmpty();
        assertThat(snapshot.revision()).isPositive();
        assertThat(snapshot.storeIdentity()).isNotBlank();
    }

    @Test
    void anEntryTellsItsKeyValueRevisionsAndThatItHasNoLease() {
        long created = put("k", "first");
        long modified = put("k", "second");

        assertThat(entries()).containsExactly(new Entry(key("k"), "second", created, modified, Lease.NONE));
    }

    @Test
    void anEntryTellsItsLease() {
        Lease lease = grant();

        putUnder(lease, "k", "v");

        assertThat(entry("k").leaseId()).isEqualTo(lease.id());
    }

    @Test
    void exactlyTheKeysThatStartWithThePrefixAreFound() {
        for (String name : List.of("a", "a/1", "ab", "a\u00e9", "A", "b", "`", "xa")) {
            put(name, "v");
        }

        Snapshot found = await(client().read(key("a")));

        assertThat(found.entries())
                .extracting(Entry::key)
                .containsExactlyInAnyOrder(key("a"), key("a/1"), key("ab"), key("a\u00e9"));
    }

    @Test
    void charactersThatPatternsUseMeanNothingInAPrefix() {
        for (String name : List.of("a*1", "ab1", "a?1", "a[b]1", "a\\1", "a%1", "a_1", "a.1")) {
            put(name, "v");
        }

        for (String name : List.of("a*", "a?", "a[b]", "a\\", "a%", "a_", "a.")) {
            assertThat(await(client().read(key(name))).entries())
                    .as(name)
                    .extracting(Entry::key)
                    .containsExactly(key(name + "1"));
        }
    }

    @Test
    void keysComeInAscendingOrder() {
        for (String name : List.of("c", "a", "b/2", "b", "B", "b/10", "0", "~")) {
            put(name, "v");
        }

        assertThat(names()).containsExactly("0", "B", "a", "b", "b/10", "b/2", "c", "~");
    }

    @Test
    void anEmptyPrefixFindsAllKeys() {
        put("a", "v");
        put("b", "v");

        assertThat(await(client().read("")).entries()).extracting(Entry::key).contains(key("a"), key("b"));
    }

    @Test
    void aDeletedKeyIsNotFound() {
        put("a", "v");
        put("b", "v");

        delete("a");

        assertThat(names()).containsExactly("b");
    }

    @Test
    void manyKeysAreReadAtOnce() {
        int batches = 20;
        for (int batch = 0; batch < batches; batch++) {
            var puts = transaction();
            for (int i = 0; i < 64; i++) {
                puts.put(key("%02d/%02d".formatted(batch, i)), "v");
            }
            committed(puts);
        }

        assertThat(entries()).hasSize(batches * 64);
    }

    @Test
    void aReadSeesWhatWasCommittedBeforeItBegan() {
        var reader = anotherClient();
        for (int i = 0; i < 50; i++) {
            long revision = put("k", "value " + i);

            Snapshot seen = await(reader.read(prefix()));

            assertThat(seen.entries()).extracting(Entry::value).containsExactly("value " + i);
            assertThat(seen.revision()).isGreaterThanOrEqualTo(revision);
        }
    }

    @Test
    void theRevisionIsThatOfTheWholeStore() {
        long elsewhere = put("elsewhere/k", "v");

        Snapshot snapshot = await(client().read(key("here/")));

        assertThat(snapshot.entries()).isEmpty();
        assertThat(snapshot.revision()).isGreaterThanOrEqualTo(elsewhere);
    }

    @Test
    void theIdentityIsTheSameForAllClientsAndReads() {
        Snapshot before = read();
        put("k", "v");

        Snapshot after = await(anotherClient().read(""));

        assertThat(after.storeIdentity()).isEqualTo(before.storeIdentity());
    }
}
