package org.bucketkeeper.assignment;

import java.util.List;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;

/**
 * Says which buckets should move where, and how good that is, before anything has happened. A plan changes nothing: to
 * apply it, store {@link #target()} on condition that the store still holds {@link #current()}.
 *
 * <p>Immutable and thread-safe. What is only for reading, such as {@link #nodes()} and {@link #describe()}, is worked
 * out when asked for.
 */
public final class RebalancePlan {

    private final Assignment current;
    private final Assignment target;
    private final List<Move> moves;
    private final PlanningProblem problem;
    private final Draft draft;
    private final PlanReport report;

    private RebalancePlan(
            Assignment current,
            Assignment target,
            List<Move> moves,
            PlanningProblem problem,
            Draft draft,
            PlanReport report) {
        this.current = current;
        this.target = target;
        this.moves = moves;
        this.problem = problem;
        this.draft = draft;
        this.report = report;
    }

    static RebalancePlan of(Assignment current, PlanningProblem problem, Draft draft, PlanReport report) {
        Move[] moves = new Move[draft.moveCount];
        for (int m = 0; m < moves.length; m++) {
            int bucket = draft.order[m];
            int owner = problem.owners[bucket];
            String from = owner == PlanningProblem.NONE ? null : problem.ids[owner];
            moves[m] = new Move(Bucket.of(bucket), from, problem.ids[draft.targets[bucket]], problem.reason(bucket));
        }
        List<Move> list = List.of(moves);
        Assignment target = list.isEmpty() ? current : current.next(problem.ids, draft.targets, list);
        return new RebalancePlan(current, target, list, problem, draft, report);
    }

    /** Returns the table that the plan was made from. */
    public Assignment current() {
        return current;
    }

    /**
     * Returns the table that the plan leads to. Its version is one higher and it carries the moves; if there are none,
     * it is {@link #current()} itself.
     */
    public Assignment target() {
        return target;
    }

    /**
     * Returns the moves, the most urgent first: buckets without a live owner, then those on draining nodes, then those
     * pinned elsewhere, then those moved for balance. Each of the last, or each group of them that only helps together,
     * brings the table nearer to the goal. Cannot be changed.
     */
    public List<Move> moves() {
        return moves;
    }

    /** Tells whether nothing moves. */
    public boolean isEmpty() {
        return moves.isEmpty();
    }

    /** Returns the number of moves, 0 to 256. */
    public int total() {
        return moves.size();
    }

    /**
     * Returns the fewest moves with which the goal can be reached, as {@link Rebalancer} defines it for each kind of
     * plan. For a plan by load it counts only the moves that have to be. A limited plan keeps the bound of the whole.
     */
    public int lowerBound() {
        return draft.lowerBound;
    }

    /** Returns how many moves of the whole plan {@link #limitedTo} has left out; 0 if the plan is whole. */
    public int remaining() {
        return draft.moveCount - moves.size();
    }

    /**
     * Returns how many moves are of buckets that had no live owner. Nobody serves these, so it hardly ever makes sense
     * to put them off.
     */
    public int orphans() {
        int count = 0;
        for (Move move : moves) {
            if (move.reason() == MoveReason.OWNER_LOST || move.reason() == MoveReason.UNASSIGNED) {
                count++;
            }
        }
        return count;
    }

    /**
     * Returns the buckets that ought to move, but that no node may take: they have no live owner, or it is draining,
     * and there is no node that is live and neither cordoned nor draining.
     */
    public BucketSet unplaced() {
        BucketSet set = BucketSet.EMPTY;
        for (int b = 0; b < problem.bucketCount; b++) {
            int place = draft.targets[b];
            if (place == PlanningProblem.NONE
                    || problem.states[place] == NodeState.GONE
                    || problem.states[place] == NodeState.DRAINING) {
                set = set.with(Bucket.of(b));
            }
        }
        return set;
    }

    /**
     * Returns the plan cut to its first moves, so that a large one can be applied in waves: after each, plan anew.
     * Moves that only help together are not parted, so there may be fewer moves than asked for, and none if the first
     * group is larger; plan by load with the wave as its budget to avoid that.
     *
     * @param maxMoves 0 or more
     * @throws IllegalArgumentException if it is negative
     */
    public RebalancePlan limitedTo(int maxMoves) {
        if (maxMoves < 0) {
            throw new IllegalArgumentException("max_moves must be 0 or more, but is " + maxMoves);
        }
        if (maxMoves >= moves.size()) {
            return this;
        }
        int end = maxMoves;
        while (draft.joined[end]) {
            end--;
        }
        List<Move> kept = List.copyOf(moves.subList(0, end));
        Assignment next = kept.isEmpty() ? current : current.next(kept);
        return new RebalancePlan(current, next, kept, problem, draft, report);
    }

    /**
     * Returns what the plan does to each node, in order of their ids: all live nodes, and those that the current table
     * still names.
     */
    public List<NodeShare> nodes() {
        return report.nodes(current, target);
    }

    /**
     * Returns the largest distance of an eligible node's bucket count from its quota, in buckets; 0 if no node is
     * eligible. Below 1 after a whole plan of {@link RebalanceMode#BALANCE}.
     */
    public double spread() {
        double largest = 0;
        for (NodeShare node : nodes()) {
            if (node.state() == NodeState.ELIGIBLE) {
                largest = Math.max(largest, Math.abs(node.bucketsAfter() - node.quota()));
            }
        }
        return largest;
    }

    /**
     * Returns the highest load of a live node divided by its capacity, in the current table. In a plan by count every
     * bucket has load 1.
     */
    public double relativeLoadBefore() {
        return report.highestRelativeLoad(current);
    }

    /** Returns the highest load of a live node divided by its capacity, in the plan's table. */
    public double relativeLoadAfter() {
        return report.highestRelativeLoad(target);
    }

    /**
     * Returns a load divided by capacity below which no whole plan that keeps to the policy and to the move budget can
     * bring the highest of a live node. That one so low exists is not promised. It does not hold for a plan that
     * {@link #limitedTo} has cut inside the moves that have to be.
     */
    public double relativeLoadLowerBound() {
        return report.relativeLoadLowerBound();
    }

    /**
     * Returns the plan as aligned text of several lines for an operator: the sums, each node before and after, and each
     * move with its reason.
     */
    public String describe() {
        return PlanPrinter.print(this);
    }

    /** Returns one line, such as {@code RebalancePlan[3 moves, lower bound 3, version 7 -> 8]}. */
    @Override
    public String toString() {
        return "RebalancePlan[" + moves.size() + " moves, lower bound " + lowerBound() + ", version "
                + current.version() + " -> " + target.version() + "]";
    }
}
