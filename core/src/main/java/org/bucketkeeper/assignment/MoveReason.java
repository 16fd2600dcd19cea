package org.bucketkeeper.assignment;

import java.util.Locale;

/** Says why a bucket moves. */
public enum MoveReason {
    /** Its owner is no longer live. */
    OWNER_LOST,
    /** It had no owner. */
    UNASSIGNED,
    /** Its owner is live but being drained. */
    DRAIN,
    /** It is pinned to another node. */
    PIN,
    /** Its owner had more than its share, and the plan was asked to balance. */
    BALANCE,
    /** A table that was read gives a reason which this version of the library does not know. No plan uses it. */
    OTHER;

    /** Returns the name that stored tables use, such as {@code owner_lost}. */
    String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a stored name. A newer writer may know more reasons, and its table must stay readable. */
    static MoveReason ofJsonName(String jsonName) {
        for (MoveReason reason : values()) {
            if (reason.jsonName().equals(jsonName)) {
                return reason;
            }
        }
        return OTHER;
    }

    /** Tells whether the move is one that every plan makes, whatever else it aims for. */
    boolean isForced() {
        return this != BALANCE && this != OTHER;
    }
}
