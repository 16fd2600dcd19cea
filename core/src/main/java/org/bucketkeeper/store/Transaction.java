package org.bucketkeeper.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Changes some keys in one step, provided that nobody changed certain keys meanwhile. Immutable; made with
 * {@link #builder()}.
 *
 * @param conditions what must hold; may be empty; unmodifiable
 * @param operations what to do then, each to another key; at least one; unmodifiable
 */
public record Transaction(List<Condition> conditions, List<Operation> operations) {

    /**
     * Checks that there is something to do, that no key is empty, and that none is written twice.
     *
     * @throws IllegalArgumentException if not
     */
    public Transaction {
        conditions = List.copyOf(conditions);
        operations = List.copyOf(operations);
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("a transaction must have at least one operation");
        }
        conditions.forEach(condition -> requireKey(condition.key()));
        Set<String> keys = new HashSet<>();
        for (Operation operation : operations) {
            requireKey(operation.key());
            if (!keys.add(operation.key())) {
                throw new IllegalArgumentException(
                        "a transaction may write a key once, but writes it twice: " + operation.key());
            }
        }
    }

    private static void requireKey(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a key must not be empty");
        }
    }

    /** Returns a builder without conditions or operations. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the parts of a transaction in the order of its reading: first the conditions, then the operations. */
    public static final class Builder {

        private final List<Condition> conditions = new ArrayList<>();
        private final List<Operation> operations = new ArrayList<>();

        private Builder() {}

        /** Requires that {@code key} does not exist. */
        public Builder ifAbsent(String key) {
            conditions.add(new Condition.Absent(key));
            return this;
        }

        /** Requires that {@code key} exists since {@code createRevision}. */
        public Builder ifCreatedAt(String key, long createRevision) {
            conditions.add(new Condition.CreatedAt(key, createRevision));
            return this;
        }

        /** Requires that {@code key} exists and was last written at {@code modRevision}. */
        public Builder ifModifiedAt(String key, long modRevision) {
            conditions.add(new Condition.ModifiedAt(key, modRevision));
            return this;
        }

        /** Writes {@code value} to {@code key}, which then stays until it is deleted. */
        public Builder put(String key, String value) {
            return putUnder(Lease.NONE, key, value);
        }

        /** Writes {@code value} to {@code key}, which then lives under the lease {@code leaseId}. */
        public Builder putUnder(long leaseId, String key, String value) {
            operations.add(new Operation.Put(key, value, leaseId));
            return this;
        }

        /** Deletes {@code key} if it exists. */
        public Builder delete(String key) {
            operations.add(new Operation.Delete(key));
            return this;
        }

        /**
         * Returns the transaction.
         *
         * @throws IllegalArgumentException if it has no operation, an empty key, or writes a key twice
         */
        public Transaction build() {
            return new Transaction(conditions, operations);
        }
    }
}
