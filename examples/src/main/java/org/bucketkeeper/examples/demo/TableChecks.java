package org.bucketkeeper.examples.demo;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.monitor.RebalanceOutcome;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.routing.NoOwnerException;
import org.jspecify.annotations.Nullable;

/** What must hold of the tables that the demonstration shows. Pure functions. */
final class TableChecks {

    private TableChecks() {}

    static Check everyBucketHasALiveOwner(Assignment table, Collection<String> live) {
        BucketSet served = BucketSet.EMPTY;
        for (String nodeId : live) {
            served = served.union(table.bucketsOf(nodeId));
        }
        BucketSet unserved = BucketSet.ALL.minus(served);
        return Check.of("every bucket has a live owner", unserved.isEmpty(), "these have none: " + unserved);
    }

    /** The nodes have equal capacity, so each must have the floor or the ceiling of an equal share. */
    static Check evenlySpread(Assignment table, Collection<String> live) {
        int floor = Bucket.COUNT / live.size();
        int ceiling = (Bucket.COUNT + live.size() - 1) / live.size();
        String share = floor == ceiling ? "exactly " + floor : floor + " or " + ceiling;
        Map<String, Integer> off = new TreeMap<>();
        for (String nodeId : live) {
            int count = table.count(nodeId);
            if (count < floor || count > ceiling) {
                off.put(nodeId, count);
            }
        }
        return Check.of(
                "each of the " + live.size() + " nodes has " + share + " buckets", off.isEmpty(), "not so: " + off);
    }

    static Check onlyMoved(BucketSet expected, String whose, Assignment before, Assignment after) {
        BucketSet moved = after.differenceTo(before);
        return Check.of(
                expected.isEmpty() ? "no bucket moved" : whose + " moved and no other: " + expected.size(),
                moved.equals(expected),
                "wrongly moved: " + moved.minus(expected) + ", wrongly kept: " + expected.minus(moved));
    }

    static Check written(int times, Assignment before, Assignment after) {
        long writes = after.version() - before.version();
        return Check.of(
                "the table was written " + (times == 1 ? "once" : times + " times") + ": version " + after.version(),
                writes == times,
                "it was written " + writes + " times");
    }

    /** Asks every router for every bucket. */
    static Check routesAgree(Assignment table, Collection<BucketRouter> routers) {
        BucketSet off = BucketSet.EMPTY;
        for (BucketRouter router : routers) {
            for (Bucket bucket : BucketSet.ALL) {
                if (!routesTo(router, bucket, table.nodeOf(bucket))) {
                    off = off.with(bucket);
                }
            }
        }
        return Check.of(
                "all " + routers.size() + " processes route by the table in the store",
                off.isEmpty(),
                "not so for " + off);
    }

    private static boolean routesTo(BucketRouter router, Bucket bucket, @Nullable String nodeId) {
        try {
            return router.route(bucket).node().nodeId().equals(nodeId);
        } catch (NoOwnerException e) {
            return false;
        }
    }

    static Check fewestMoves(RebalancePlan plan) {
        return Check.of(
                "the plan has as many moves as the lower bound: " + plan.lowerBound(),
                plan.total() == plan.lowerBound(),
                "it has " + plan.total());
    }

    static List<Check> planWasKept(RebalancePlan plan, RebalanceOutcome outcome, Assignment after) {
        BucketSet off = after.differenceTo(plan.target());
        return List.of(
                Check.of(
                        "the monitor made the " + plan.total() + " moves that were planned",
                        outcome.total() == plan.total() && outcome.lowerBound() == plan.lowerBound(),
                        "it says " + outcome),
                Check.of("the table is the one that was planned", off.isEmpty(), "differing for " + off));
    }
}
