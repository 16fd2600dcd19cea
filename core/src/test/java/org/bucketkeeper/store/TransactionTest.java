package org.bucketkeeper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TransactionTest {

    @Test
    void keepsItsPartsInOrder() {
        Transaction transaction = Transaction.builder()
                .ifAbsent("a")
                .ifCreatedAt("b", 2)
                .ifModifiedAt("c", 3)
                .put("d", "4")
                .putUnder(5, "e", "6")
                .delete("f")
                .build();

        assertThat(transaction.conditions())
                .containsExactly(
                        new Condition.Absent("a"), new Condition.CreatedAt("b", 2), new Condition.ModifiedAt("c", 3));
        assertThat(transaction.operations())
                .containsExactly(
                        new Operation.Put("d", "4", Lease.NONE),
                        new Operation.Put("e", "6", 5),
                        new Operation.Delete("f"));
    }

    @Test
    void refusesToDoNothing() {
        assertThatThrownBy(() -> Transaction.builder().ifAbsent("a").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one operation");
    }

    @Test
    void refusesToWriteAKeyTwice() {
        assertThatThrownBy(() -> Transaction.builder().put("a", "1").delete("a").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("writes it twice: a");
    }

    @Test
    void refusesAnEmptyKey() {
        assertThatThrownBy(() -> Transaction.builder().put("", "1").build()).hasMessageContaining("empty");
        assertThatThrownBy(
                        () -> Transaction.builder().ifAbsent("").put("a", "1").build())
                .hasMessageContaining("empty");
    }
}
