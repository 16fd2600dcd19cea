package org.bucketkeeper.monitor;

import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.store.CommitResult;

/** What may happen to a monitor. */
sealed interface MonitorEvent {

    /** The monitor leads; whoever compares with {@code held}'s revision knows that it still does. */
    record Elected(Held held) implements MonitorEvent {}

    /** The monitor does not lead any longer. */
    record Deposed() implements MonitorEvent {}

    /** The cluster looks like that now. */
    record StateSeen(ClusterState state) implements MonitorEvent {}

    /** The transaction with that number was answered. */
    record CommitAnswered(long number, CommitResult result) implements MonitorEvent {}
}
