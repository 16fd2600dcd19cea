package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.Transaction;
import org.junit.jupiter.api.Test;

abstract class TransactionConformance extends ConformanceTests {

    private static final long NO_SUCH_REVISION = Long.MAX_VALUE;

    TransactionConformance(CoordinationStoreConformance kit) {
        super(kit);
    }

    @Test
    void withoutConditionsItIsApplied() {
        assertApplied(transaction());
    }

    @Test
    void absentHoldsForAKeyThatNeverWas() {
        assertApplied(transaction().ifAbsent(key("k")));
    }

    @Test
    void absentDoesNotHoldForAKeyThatExists() {
        put("k", "");

        assertRejected(transaction().ifAbsent(key("k")));
    }

    @Test
    void absentHoldsForAKeyThatWasDeleted() {
        put("k", "v");
        delete("k");

        assertApplied(transaction().ifAbsent(key("k")));
    }

    @Test
    void absentIsAboutTheKeyAndNotAboutOnesThatStartWithIt() {
        put("k/1", "v");

        assertApplied(transaction().ifAbsent(key("k")));
    }

    @Test
    void createdAtHoldsForTheCreateRevisionAlsoAfterFurtherWrites() {
        long created = put("k", "1");
        put("k", "2");

        assertApplied(transaction().ifCreatedAt(key("k"), created));
    }

    @Test
    void createdAtDoesNotHoldForTheRevisionOfALaterWrite() {
        put("k", "1");
        long modified = put("k", "2");

        assertRejected(transaction().ifCreatedAt(key("k"), modified));
    }

    @Test
    void createdAtDoesNotHoldForAMissingKey() {
        long elsewhere = put("other", "v");

        assertRejected(transaction().ifCreatedAt(key("k"), elsewhere));
    }

    @Test
    void createdAtDoesNotHoldForAKeyThatWasDeleted() {
        long created = put("k", "1");
        delete("k");

        assertRejected(transaction().ifCreatedAt(key("k"), created));
    }

    @Test
    void createdAtDoesNotHoldForAKeyThatWasDeletedAndWrittenAgain() {
        long created = put("k", "1");
        delete("k");
        put("k", "1");

        assertRejected(transaction().ifCreatedAt(key("k"), created));
    }

    @Test
    void modifiedAtHoldsForTheRevisionOfTheLastWrite() {
        put("k", "1");
        long modified = put("k", "2");

        assertApplied(transaction().ifModifiedAt(key("k"), modified));
    }

    @Test
    void modifiedAtDoesNotHoldAfterAnotherWriteOfTheSameValue() {
        long modified = put("k", "v");
        put("k", "v");

        assertRejected(transaction().ifModifiedAt(key("k"), modified));
    }

    @Test
    void modifiedAtDoesNotHoldForAMissingKey() {
        assertRejected(transaction().ifModifiedAt(key("k"), 1));
    }

    @Test
    void modifiedAtDoesNotHoldForAKeyThatWasDeleted() {
        long modified = put("k", "v");
        delete("k");

        assertRejected(transaction().ifModifiedAt(key("k"), modified));
    }

    @Test
    void conditionsOnTheLargestRevisionDoNotHold() {
        put("k", "v");

        assertRejected(transaction().ifModifiedAt(key("k"), NO_SUCH_REVISION));
        assertRejected(transaction().ifCreatedAt(key("k"), NO_SUCH_REVISION));
    }

    @Test
    void allConditionsMustHold() {
        long revision = put("k", "v");

        assertRejected(transaction().ifModifiedAt(key("k"), revision).ifAbsent(key("k")));
        assertRejected(transaction().ifAbsent(key("k")).ifModifiedAt(key("k"), revision));
        assertApplied(transaction().ifModifiedAt(key("k"), revision).ifAbsent(key("other")));
    }

    @Test
    void conditionsMayBeAboutOtherKeysThanTheOperations() {
        long guard = put("guard", "v");

        committed(transaction().ifCreatedAt(key("guard"), guard).put(key("k"), "v"));

        assertThat(entry("guard").modRevision()).isEqualTo(guard);
        assertThat(names()).containsExactly("guard", "k");
    }

    @Test
    void conditionsLookAtWhatStoodBeforeTheOperations() {
        CommitResult result = commit(transaction().ifAbsent(key("k")).put(key("k"), "v"));

        assertThat(result).isInstanceOf(CommitResult.Committed.class);
    }

    @Test
    void severalOperationsAreAppliedInOneRevision() {
        put("old", "v");

        long revision =
                committed(transaction().put(key("a"), "1").delete(key("old")).put(key("b"), "2"));

        assertThat(entries())
                .containsExactly(
                        new Entry(key("a"), "1", revision, revision, 0),
                        new Entry(key("b"), "2", revision, revision, 0));
    }

    @Test
    void aRejectedTransactionTellsARevisionAtWhichItsConditionsDidNotHold() {
        long revision = put("k", "v");

        CommitResult result = commit(transaction().ifAbsent(key("k")).put(key("k"), "w"));

        assertThat(result).isInstanceOf(CommitResult.Rejected.class);
        assertThat(((CommitResult.Rejected) result).revision()).isBetween(revision, read().revision());
    }

    @Test
    void deletingAMissingKeyIsCommittedAndChangesNothing() {
        long revision = put("k", "v");

        long afterDelete = delete("missing");

        assertThat(afterDelete).isGreaterThanOrEqualTo(revision);
        assertThat(entries()).containsExactly(new Entry(key("k"), "v", revision, revision, 0));
    }

    @Test
    void deletingAKeyLeavesAloneTheKeysThatStartWithIt() {
        put("k", "v");
        put("k/1", "v");

        delete("k");

        assertThat(names()).containsExactly("k/1");
    }

    @Test
    void anEmptyValueIsKeptAndIsNotAbsence() {
        put("k", "");

        assertThat(entry("k").value()).isEmpty();
    }

    @Test
    void aValueOfAnyCharactersIsKept() {
        String value =
                "ASCII, \u00e4\u00df, \u20ac, \u6f22\u5b57, \ud83d\ude80, \"quotes\", \\, tab\t, line\r\n, nul\0, \u001b";

        put("k", value);

        assertThat(entry("k").value()).isEqualTo(value);
    }

    @Test
    void aKeyOfAnyCharactersIsKept() {
        String name = "sp ace/\u00e4\u20ac\u6f22\ud83d\ude80/\"'{}:*\\%\n";

        put(name, "v");

        assertThat(names()).containsExactly(name);
    }

    @Test
    void aValueOfAHundredKilobytesIsKept() {
        String value = "0123456789".repeat(10_000);

        put("k", value);

        assertThat(entry("k").value()).isEqualTo(value);
    }

    @Test
    void atLeastSixtyFourOperationsAreAllowed() {
        assertThat(client().maxTransactionOperations()).isGreaterThanOrEqualTo(64);
    }

    @Test
    void asManyConditionsAndOperationsAsAllowedAreApplied() {
        int max = client().maxTransactionOperations();

        committed(withConditionsAndOperations(max, max));

        assertThat(entries()).hasSize(max);
    }

    @Test
    void oneOperationTooManyIsRefusedAndNothingIsApplied() {
        int max = client().maxTransactionOperations();
        Transaction tooLarge = withConditionsAndOperations(0, max + 1).build();

        assertThatIllegalArgumentException().isThrownBy(() -> client().commit(tooLarge));

        assertThat(entries()).isEmpty();
    }

    @Test
    void oneConditionTooManyIsRefusedAndNothingIsApplied() {
        int max = client().maxTransactionOperations();
        Transaction tooLarge = withConditionsAndOperations(max + 1, 1).build();

        assertThatIllegalArgumentException().isThrownBy(() -> client().commit(tooLarge));

        assertThat(entries()).isEmpty();
    }

    private Transaction.Builder withConditionsAndOperations(int conditions, int operations) {
        Transaction.Builder transaction = transaction();
        for (int i = 0; i < conditions; i++) {
            transaction.ifAbsent(key("k" + i));
        }
        for (int i = 0; i < operations; i++) {
            transaction.put(key("k" + i), "v");
        }
        return transaction;
    }

    /** Adds operations to the conditions and shows that all of them are applied. */
    private void assertApplied(Transaction.Builder conditions) {
        put("to delete", "v");

        CommitResult result = commit(conditions.put(key("to put"), "v").delete(key("to delete")));

        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        assertThat(names()).contains("to put").doesNotContain("to delete");
    }

    /** Adds operations to the conditions and shows that none of them is applied. */
    private void assertRejected(Transaction.Builder conditions) {
        put("to delete", "v");
        Snapshot before = read();

        CommitResult result = commit(conditions.put(key("to put"), "v").delete(key("to delete")));

        assertThat(result).isInstanceOf(CommitResult.Rejected.class);
        List<Entry> after = entries();
        assertThat(after).isEqualTo(before.entries());
    }
}
