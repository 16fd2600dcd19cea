package org.bucketkeeper.testing.simulation;

/** How an application's listener behaves. */
enum Mood {
    GOOD,
    /** Every call throws. */
    THROWS,
    /** Releases fail after a while. */
    FAILS_LATER,
    /** Releases take long. */
    LATE,
    /** Releases complete only when the mood ends. */
    STUCK,
    /** Releases never complete; an operator forces them when the mood ends. */
    STUCK_FOR_EVER
}
