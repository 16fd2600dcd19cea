package org.bucketkeeper.assignment;

import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * Tells that one bucket gets another node, and why. Immutable and thread-safe.
 *
 * @param bucket the bucket
 * @param from the node that has it now, or null if none has
 * @param to the node that gets it; differs from {@code from}
 * @param reason why it moves
 */
public record Move(Bucket bucket, @Nullable String from, String to, MoveReason reason) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if {@code from} or {@code to} is no node id, or both are the same
     */
    public Move {
        if (from != null) {
            NodeIds.require("from", from);
        }
        NodeIds.require("to", to);
        if (to.equals(from)) {
            throw new IllegalArgumentException(
                    "to must differ from \"from\", but bucket " + bucket + " would move from " + from + " to itself");
        }
    }

    /** Returns the move on one line, such as {@code 3f: a -> b (owner_lost)}. */
    @Override
    public String toString() {
        return bucket + ": " + (from == null ? "(none)" : from) + " -> " + to + " (" + reason.jsonName() + ")";
    }
}
