package org.bucketkeeper.testing.simulation;

import org.bucketkeeper.store.Entry;

/** Sums up entries so that two sets of them can be compared by one number: the exclusive or over all. */
final class Checksum {

    private Checksum() {}

    static long of(Entry entry) {
        long hash = Streams.mix(entry.key().hashCode());
        hash = Streams.mix(hash + entry.value().hashCode());
        hash = Streams.mix(hash + entry.createRevision());
        hash = Streams.mix(hash + entry.modRevision());
        return Streams.mix(hash + entry.leaseId());
    }
}
