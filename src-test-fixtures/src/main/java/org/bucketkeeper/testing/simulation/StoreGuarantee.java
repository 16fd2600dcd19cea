package org.bucketkeeper.testing.simulation;

/** What the store of a run promises of what it has acknowledged. */
public enum StoreGuarantee {
    /** What was acknowledged is never lost, as with etcd. */
    KEEPS_WRITES,
    /**
     * The last writes may be lost when a replica takes over, and everything when the store restarts without its data, as
     * with Redis; the store notices both, and never gives out a revision or a lease id twice.
     */
    LOSES_WRITES
}
