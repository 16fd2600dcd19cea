package org.bucketkeeper.ownership;

/** What an owner does when the whole store is away for longer than its session may be relied on. */
public enum StoreOutage {

    /**
     * Stops: every guard turns invalid at the session's deadline, and what is in memory is dropped. At any instant at
     * most one process holds a valid guard on a bucket. The safe choice, and the default.
     */
    STOP_SERVING,

    /**
     * Goes on until it hears of a new owner; only for servers whose storage compares fencing tokens on <em>every</em>
     * write.
     *
     * <p>Promised: storage that compares tokens never accepts a write of a former owner after one of its successor, so
     * no acknowledged write is overwritten. When the claim is found to be gone without a successor, the bucket is
     * drained, flushed with its old token and claimed anew; when it is found with a successor, or cannot be flushed at
     * the first attempt and within the leave timeout, it is lost.
     *
     * <p>Not promised: that at most one process holds a valid guard. If this process alone is cut off from the store,
     * its successor serves the bucket at the same time, for as long as the cut lasts; whoever reads here reads what may
     * be out of date, and whoever writes here learns from the storage that the write is refused. Nothing that is not
     * written through that storage (a message sent, a file written) is protected.
     */
    KEEP_SERVING_FENCED
}
