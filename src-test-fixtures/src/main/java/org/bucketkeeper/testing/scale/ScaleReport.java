package org.bucketkeeper.testing.scale;

import java.util.List;

/**
 * What a cluster asks of its store.
 *
 * @param servers how many servers it has
 * @param routers how many processes that only follow it
 * @param keys how many keys it has once all servers are there
 * @param prefixBytes how much a read of all of them is
 * @param assignmentBytes how much the assignment alone is
 * @param registrationBytes how much the registration of one server is
 * @param claimBytes how much the claim on one bucket is
 * @param phases what happened, in order
 */
public record ScaleReport(
        int servers,
        int routers,
        int keys,
        long prefixBytes,
        long assignmentBytes,
        long registrationBytes,
        long claimBytes,
        List<ScalePhase> phases) {

    /** Makes the list unmodifiable. */
    public ScaleReport {
        phases = List.copyOf(phases);
    }
}
