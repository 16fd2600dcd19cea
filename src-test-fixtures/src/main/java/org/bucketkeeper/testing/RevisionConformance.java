package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.bucketkeeper.store.Entry;
import org.junit.jupiter.api.Test;

abstract class RevisionConformance extends ConformanceTests {

    RevisionConformance(CoordinationStoreConformance kit) {
        super(kit);
    }

    @Test
    void everyChangeMovesTheStoreToALargerRevision() {
        long before = read().revision();
        long first = put("a", "v");
        long second = put("b", "v");
        long third = delete("a");
        long after = read().revision();

        assertThat(first).isGreaterThan(before);
        assertThat(second).isGreaterThan(first);
        assertThat(third).isGreaterThan(second);
        assertThat(after).isGreaterThanOrEqualTo(third);
    }

    @Test
    void aNewKeyIsCreatedAndModifiedAtTheRevisionOfItsTransaction() {
        long revision = put("k", "v");

        assertThat(entry("k").createRevision()).isEqualTo(revision);
        assertThat(entry("k").modRevision()).isEqualTo(revision);
    }

    @Test
    void writingAKeyAgainKeepsItsCreateRevision() {
        long created = put("k", "1");
        put("k", "2");
        long modified = put("k", "3");

        assertThat(entry("k").createRevision()).isEqualTo(created);
        assertThat(entry("k").modRevision()).isEqualTo(modified);
    }

    @Test
    void writingTheSameValueAgainIsAChange() {
        long first = put("k", "v");

        long second = put("k", "v");

        assertThat(second).isGreaterThan(first);
        assertThat(entry("k").modRevision()).isEqualTo(second);
    }

    @Test
    void aKeyThatWasDeletedAndWrittenAgainIsANewOne() {
        put("k", "1");
        long deleted = delete("k");

        long created = put("k", "2");

        assertThat(created).isGreaterThan(deleted);
        assertThat(entry("k").createRevision()).isEqualTo(created);
    }

    @Test
    void aKeyThatVanishedWithItsLeaseAndWasWrittenAgainIsANewOne() {
        var lease = grant();
        long first = putUnder(lease, "k", "1");
        revoke(lease);

        long second = put("k", "2");

        assertThat(second).isGreaterThan(first);
        assertThat(entry("k").createRevision()).isEqualTo(second);
    }

    @Test
    void allChangesOfATransactionHaveOneRevision() {
        long revision =
                committed(transaction().put(key("a"), "v").put(key("b"), "v").put(key("c"), "v"));

        assertThat(entries()).hasSize(3).extracting(Entry::modRevision).containsOnly(revision);
    }

    @Test
    void writingOneKeyLeavesTheRevisionsOfOthersAlone() {
        long revision = put("a", "v");

        put("b", "v");

        assertThat(entry("a").modRevision()).isEqualTo(revision);
    }
}
