package org.bucketkeeper.testing.simulation;

import java.util.Arrays;
import java.util.Optional;

/** What the store of a run promises of what it has acknowledged. */
public enum StoreGuarantee {
    /** What was acknowledged is never lost, as with etcd. */
    KEEPS_WRITES("etcd"),
    /**
     * The last writes may be lost when a replica takes over, and everything when the store restarts without its data, as
     * with Redis; the store notices both, and never gives out a revision or a lease id twice.
     */
    LOSES_WRITES("redis");

    private final String storeName;

    StoreGuarantee(String storeName) {
        this.storeName = storeName;
    }

    /** Returns the name of a store that promises just this, {@code etcd} or {@code redis}. */
    public String storeName() {
        return storeName;
    }

    /** Returns what the store of that name promises; empty if it is none that {@link #storeName()} returns. */
    public static Optional<StoreGuarantee> ofStore(String storeName) {
        return Arrays.stream(values())
                .filter(guarantee -> guarantee.storeName.equals(storeName))
                .findFirst();
    }
}
