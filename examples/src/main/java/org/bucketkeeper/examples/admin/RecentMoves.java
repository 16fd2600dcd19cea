package org.bucketkeeper.examples.admin;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.Move;
import org.jspecify.annotations.Nullable;

/** The newest moves since this process follows the cluster, so that a page that is opened has them. Thread-safe. */
final class RecentMoves {

    private static final int MOST = 100;

    private final Deque<Seen> moves = new ArrayDeque<>();
    private long version = -1;

    /**
     * A move and when it was seen.
     *
     * @param at null if it was made before this process looked
     */
    record Seen(@Nullable Instant at, long version, Move move) {}

    /** Takes a table; one that was seen already tells nothing new. */
    synchronized void see(Assignment assignment, Instant now) {
        if (assignment.version() == version) {
            return;
        }
        Instant at = version < 0 ? null : now;
        version = assignment.version();
        for (Move move : assignment.moves()) {
            moves.addFirst(new Seen(at, version, move));
        }
        while (moves.size() > MOST) {
            moves.removeLast();
        }
    }

    /** Returns the moves, newest first. */
    synchronized List<Seen> newestFirst() {
        return List.copyOf(moves);
    }
}
