package org.bucketkeeper.monitor;

import org.bucketkeeper.internal.mirror.MirrorUpdate.History;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.store.CommitResult;

/** What may happen to a monitor. */
sealed interface MonitorEvent {

    /** The monitor leads; whoever compares with {@code held}'s revision knows that it still does. */
    record Elected(Held held) implements MonitorEvent {}

    /** The monitor does not lead any longer. */
    record Deposed() implements MonitorEvent {}

    /** The cluster looks like that now, at a revision that counts on from the one before, or not. */
    record StateSeen(ClusterState state, History history) implements MonitorEvent {}

    /** The transaction with that number was answered. */
    record CommitAnswered(long number, CommitResult result) implements MonitorEvent {}
}
