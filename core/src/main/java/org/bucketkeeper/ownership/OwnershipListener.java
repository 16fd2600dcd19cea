package org.bucketkeeper.ownership;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What an application does when a bucket comes and goes: load, flush and unload, or drop what it holds in memory.
 *
 * <p>The calls for one bucket are strictly ordered and never overlap: {@code acquired}, then {@code releasing} or
 * {@code lost} or both in this order, then {@code acquired} of the next tenure. Calls for different buckets may run at
 * the same time, on daemon threads of the library that serve listeners only; they may block. A call that throws or
 * never returns is logged and holds up its own bucket only.
 */
public interface OwnershipListener {

    /** Does nothing, and lets every bucket go at once. */
    OwnershipListener NONE = new OwnershipListener() {};

    /**
     * The bucket is owned by this process now. Guards are given out when this call has returned, or has thrown.
     */
    default void acquired(Tenure tenure) {}

    /**
     * The bucket is to be handed over: no guard is open any more and none is given out. Flush and unload everything
     * that belongs to it. The claim, and with it the other processes' patience, ends when the stage completes.
     *
     * <p>A flush that takes long should look at {@link Tenure#isValid()} between its writes, and write with the fencing
     * token: the session can die meanwhile, and {@link #lost} is called only after this call has returned.
     *
     * <p>If the stage completes exceptionally, or this call throws, the claim is kept, and the call is made again after
     * a while that grows: what is not flushed must not be given away. If the stage never completes, the claim is kept
     * as well, until an operator forces it or the session ends.
     *
     * @return completes when everything is flushed and unloaded
     */
    default CompletionStage<?> releasing(Tenure tenure) {
        return CompletableFuture.completedStage(null);
    }

    /**
     * The bucket may have another owner already: the session died, the claim was taken away, or an operator forced the
     * release. Drop what belongs to it and flush nothing. Also called while a stage that {@link #releasing} returned is
     * still incomplete; what that stage does afterwards is ignored.
     */
    default void lost(Tenure tenure) {}
}
