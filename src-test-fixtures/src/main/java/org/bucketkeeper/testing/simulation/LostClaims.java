package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.bucketkeeper.bucket.Bucket;

/**
 * The claims that stood in the store until it lost them, and whose owners cannot know that yet: from then on until it has
 * read the store again, or its deadline has passed, a former owner may take a bucket for its own that another one has.
 */
final class LostClaims {

    /**
     * How much longer than its lease lasts a process may take to read what is left: it renewed once more, and its watch
     * and its first read were lost, each of which it notices after five seconds.
     */
    private static final Duration LONGEST_READ = Duration.ofSeconds(10);

    private final Scheduler scheduler;
    private final long longest;
    private final Map<Claim, Loss> losses = new HashMap<>();
    private final Map<SimulatedProcess, Long> read = new HashMap<>();

    private record Claim(Bucket bucket, long token) {}

    /** When the store lost a claim, and the revision from which on the store shows that. */
    private record Loss(long at, long shownFrom) {}

    LostClaims(Scenario scenario, Scheduler scheduler) {
        this.scheduler = scheduler;
        this.longest = scenario.ttl().plus(LONGEST_READ).toNanos();
    }

    void lost(Bucket bucket, long token, long shownFrom) {
        losses.put(new Claim(bucket, token), new Loss(scheduler.now(), shownFrom));
    }

    /** A process has seen the store as it is at a revision, and done what follows from that. */
    void read(SimulatedProcess process, long revision) {
        read.merge(process, revision, Math::max);
    }

    /** Tells whether a process cannot know that its claim is lost, and its deadline need not have passed. */
    boolean excuse(SimulatedProcess process, Bucket bucket, long token) {
        Loss loss = losses.get(new Claim(bucket, token));
        return loss != null
                && scheduler.now() - loss.at() < longest
                && read.getOrDefault(process, 0L) < loss.shownFrom();
    }
}
