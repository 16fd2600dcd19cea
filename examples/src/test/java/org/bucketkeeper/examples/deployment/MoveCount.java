package org.bucketkeeper.examples.deployment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.Move;
import org.bucketkeeper.bucket.Bucket;

/** Counts how often each bucket was moved, from all tables that were seen. */
final class MoveCount {

    private final List<Assignment> seen = new ArrayList<>();

    synchronized void see(Assignment assignment) {
        if (seen.isEmpty() || seen.get(seen.size() - 1).version() < assignment.version()) {
            seen.add(assignment);
        }
    }

    /** Forgets what was moved so far. */
    synchronized void reset() {
        seen.subList(0, Math.max(0, seen.size() - 1)).clear();
    }

    /** Returns the tables since the last reset, the one before it first. */
    synchronized List<Assignment> tables() {
        return List.copyOf(seen);
    }

    /** Returns how many buckets all plans since then have moved. */
    synchronized int planned() {
        return seen.stream()
                .skip(1)
                .mapToInt(assignment -> assignment.moves().size())
                .sum();
    }

    /** Returns how many owners differ from one table to the next. */
    synchronized int moved() {
        int moved = 0;
        for (int i = 1; i < seen.size(); i++) {
            moved += seen.get(i).differenceTo(seen.get(i - 1)).size();
        }
        return moved;
    }

    /** Returns how often the bucket that was moved most often was moved. */
    synchronized int most() {
        Map<Bucket, Integer> counts = new HashMap<>();
        for (int i = 1; i < seen.size(); i++) {
            for (Move move : seen.get(i).moves()) {
                counts.merge(move.bucket(), 1, Integer::sum);
            }
        }
        return counts.isEmpty() ? 0 : Collections.max(counts.values());
    }
}
