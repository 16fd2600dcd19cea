package org.bucketkeeper.store;

/** What became of a transaction. */
public sealed interface CommitResult {

    /**
     * All conditions held and all operations were applied.
     *
     * @param revision the store's revision after it, which is the mod revision of every key it put; no new one if the
     *     transaction only deleted keys that did not exist
     */
    record Committed(long revision) implements CommitResult {}

    /**
     * A condition did not hold and nothing was applied.
     *
     * @param revision a revision of the store at which that was so
     */
    record Rejected(long revision) implements CommitResult {}

    /**
     * Nobody can say: no answer came in time, or the store refused to answer. The transaction may have been applied,
     * may be applied yet while its request is on the way, or never. The caller reads what stands in the store.
     *
     * @param cause why there is no answer
     */
    record Unknown(StoreException cause) implements CommitResult {}
}
