package org.bucketkeeper.monitor;

import java.time.Duration;
import java.util.Set;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.jspecify.annotations.Nullable;

/** What a monitor asks for. */
sealed interface MonitorAction {

    /** Commit the transaction; the answer carries the number. */
    record Commit(long number, Transaction transaction) implements MonitorAction {}

    /** Look at the store afresh, and then tell the state even if nothing differs. */
    record Refresh() implements MonitorAction {}

    /** Say that a plan was committed. */
    record TellCommitted(RebalanceMode mode, RebalancePlan plan, long revision) implements MonitorAction {}

    /** Say that a commit was refused, because another was faster or this monitor does not lead any longer. */
    record TellRejected(long revision) implements MonitorAction {}

    /** Say that nobody knows what became of a commit. */
    record TellUnknown(StoreException cause) implements MonitorAction {}

    /** Say that the monitor waits for more nodes before it assigns. */
    record TellSettling(Duration remaining, int liveNodes) implements MonitorAction {}

    /** Say that most of the cluster vanished and that nothing is moved for now. */
    record TellHolding(Set<String> lost, Duration remaining) implements MonitorAction {}

    /** Say that the hold is over; the reason says why. */
    record TellHoldEnded(String reason) implements MonitorAction {}

    /** Say that there is nobody to assign buckets to. */
    record TellNoNodes() implements MonitorAction {}

    /** Say that what stands in the store cannot be read, so that nothing is planned; null when it can again. */
    record TellProblem(@Nullable String problem) implements MonitorAction {}
}
