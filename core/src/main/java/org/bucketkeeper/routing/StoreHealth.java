package org.bucketkeeper.routing;

/** Whether a process hears of changes as they happen. */
public enum StoreHealth {
    /** A watch is open: changes are pushed. */
    CONNECTED,
    /** The store is out of reach: the table is the last one known, and it is tried to read it again. */
    DISCONNECTED
}
