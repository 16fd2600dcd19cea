package org.bucketkeeper.assignment;

import java.util.Collection;
import org.bucketkeeper.bucket.Bucket;

/**
 * Decides which buckets should move where. A pure function: it reads nothing but its arguments, changes nothing, and
 * for equal arguments returns the same plan, in whatever order the nodes come.
 *
 * <h2>What every plan keeps to</h2>
 *
 * A node is <em>eligible</em> if it is live and neither cordoned nor draining.
 *
 * <ul>
 *   <li>A bucket that is pinned to a node which is live and not draining goes there, or stays there. Any other pin
 *       counts for nothing.
 *   <li>Otherwise, a bucket on a live cordoned node stays there.
 *   <li>All other buckets are <em>free</em>: they may be on any eligible node. Those that no eligible node has, because
 *       they are unassigned, or their owner is not live, or it is draining, move to one.
 *   <li>If there is no eligible node, free buckets stay as they are, and the plan names those that ought to move.
 * </ul>
 *
 * <h2>KEEP</h2>
 *
 * Only the moves above are made. Each free bucket goes to the eligible node for which (count + 1) / capacity is least
 * at that point, ties to the node that had less for its capacity before the plan, then to the smaller node id. No plan
 * that keeps to the rules has fewer moves.
 *
 * <p><b>Restarting all servers, one after the other.</b> From an even start of N servers of one capacity, at most 256 of
 * them, that are restarted in any order, each after the one before is back: every bucket moves once, save that those of
 * the first server move twice if there is no spare, empty server. No order of moves does with fewer, for each bucket has
 * to leave its server, and those of the first can then only go where a restart is yet to come. No plan leaves a server
 * with more than its fair share, the ceiling of 256 divided by the servers that are eligible then.
 *
 * <p>For one server is empty when the next one goes: the spare one, or the one that is just back. The others that stay
 * have m or m + 1 buckets each, and the one that goes has no more. So the empty one is least loaded, or ties, until it
 * has them all, and wins the tie because it had none: it takes the place of the one that goes, which is then the empty
 * one. Without a spare the first server's buckets go to the least loaded ones, so that the others have m or m + 1.
 *
 * <h2>BALANCE</h2>
 *
 * <b>The goal.</b> Let E be the eligible nodes, w<sub>i</sub> the capacity of node i, p<sub>i</sub> the buckets pinned to
 * it, and P the number of free buckets plus all p<sub>i</sub> in E. Start with S = E as the nodes that share, R = P as
 * what they share, and W as the sum of their capacities. The quota of a node in S is q<sub>i</sub> = R w<sub>i</sub> / W.
 * Then, as long as one of these applies, take nodes out of S, their p<sub>i</sub> off R and their w<sub>i</sub> off W,
 * so that the quotas of the others change:
 *
 * <ol>
 *   <li>if there are nodes in S with p<sub>i</sub> above the ceiling of q<sub>i</sub>: these;
 *   <li>otherwise, if more nodes in S have p<sub>i</sub> above the floor of q<sub>i</sub> than there are buckets left
 *       once each node in S has its floor: these.
 * </ol>
 *
 * A table reaches the goal if it keeps to the rules above, each node that was taken out has exactly p<sub>i</sub>
 * buckets, and each node that is left in S has the floor or the ceiling of its quota. Whoever is taken out has more than
 * its quota, so S never becomes empty, quotas of the others only fall, and the result does not depend on any order.
 * Without pins this is just: every eligible node has the floor or the ceiling of its share by capacity.
 *
 * <p><b>The fewest moves.</b> Let a<sub>i</sub> be the free buckets that node i has now, and t<sub>i</sub> its count in a
 * table that reaches the goal. The node has room for t<sub>i</sub> - p<sub>i</sub> free buckets, so it keeps at most
 * min(a<sub>i</sub>, t<sub>i</sub> - p<sub>i</sub>) of its own; every other free bucket moves, and pinned buckets move or
 * not whatever the t<sub>i</sub>. So the moves are fewest where the sum of these minima is largest. For a node in S the
 * floor f<sub>i</sub> is sure, except that p<sub>i</sub> above it makes the ceiling sure; what is chosen is which of the
 * other nodes with a remainder get one of the r buckets that are then left. That bucket adds 1 to the node's minimum if
 * a<sub>i</sub> + p<sub>i</sub> exceeds f<sub>i</sub>, and 0 otherwise, independently of all other nodes. So the sum is
 * largest exactly if as many of the r as possible go to nodes of the first kind, which is what is done here; among
 * equals the larger remainder goes first, then the smaller node id. The bound is then met: each node gives away only what
 * exceeds t<sub>i</sub> - p<sub>i</sub>, and every bucket given away goes to a node below its count, once.
 *
 * <p>All of this is worked out in whole numbers.
 *
 * <h2>By load</h2>
 *
 * {@link #planByLoad} lowers the highest relative load (load divided by capacity) of an eligible node within a budget of
 * moves, and then the sum over the eligible nodes of load squared divided by capacity, where that is worth a move. The
 * problem is NP-hard; the result is good but not promised to be the best. It is never worse, in this order, than the plan
 * that makes only the moves that have to be.
 */
public final class Rebalancer {

    private Rebalancer() {}

    /**
     * Plans by the number of buckets.
     *
     * <p>Takes time in the number of nodes plus 256, times the number of moves at worst; does not block.
     *
     * @param current the table as it stands
     * @param liveNodes the nodes that are live, in any order
     * @param policy what operators want; a capacity in it takes the place of the node's own
     * @param mode what to aim for
     * @throws IllegalArgumentException if {@code liveNodes} names a node twice, or more than a million
     */
    public static RebalancePlan plan(
            Assignment current, Collection<NodeCapacity> liveNodes, Policy policy, RebalanceMode mode) {
        PlanningProblem problem = PlanningProblem.of(current, liveNodes, policy);
        return switch (mode) {
            case KEEP ->
                RebalancePlan.of(current, problem, KeepPlanner.plan(problem), new PlanReport(problem, null, 0));
            case BALANCE ->
                RebalancePlan.of(
                        current, problem, BalancePlanner.plan(problem), new PlanReport(problem, null, Bucket.COUNT));
        };
    }

    /**
     * Plans by the load of the buckets. Moves that have to be are made whatever the budget, and count against it; only
     * what they leave of it is spent on other moves.
     *
     * @param current the table as it stands
     * @param liveNodes the nodes that are live, in any order
     * @param policy what operators want; a capacity in it takes the place of the node's own
     * @param loads the load of each bucket
     * @param moveBudget how many buckets may move; 0 or more, where 0 moves only what has to move
     * @throws IllegalArgumentException if {@code liveNodes} names a node twice, or more than a million, or the budget
     *     is negative
     */
    public static RebalancePlan planByLoad(
            Assignment current, Collection<NodeCapacity> liveNodes, Policy policy, BucketLoads loads, int moveBudget) {
        if (moveBudget < 0) {
            throw new IllegalArgumentException("move_budget must be 0 or more, but is " + moveBudget);
        }
        PlanningProblem problem = PlanningProblem.of(current, liveNodes, policy);
        Draft draft = LoadPlanner.plan(problem, loads.toArray(), moveBudget);
        int voluntaryMoves = Math.max(0, moveBudget - draft.lowerBound);
        return RebalancePlan.of(current, problem, draft, new PlanReport(problem, loads, voluntaryMoves));
    }
}
