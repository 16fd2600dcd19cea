package org.bucketkeeper.ownership;

import static org.bucketkeeper.VirtualCluster.KEYS;

import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.WatchEvent;

/** Every assignment that was ever committed, in order. */
final class AssignmentLog {

    private final List<Assignment> assignments = new ArrayList<>();

    AssignmentLog(VirtualCluster cluster) {
        cluster.store.connect("log").watch(KEYS.assignment(), 1, this::onEvent);
    }

    List<Assignment> all() {
        return assignments;
    }

    private void onEvent(WatchEvent event) {
        if (event instanceof WatchEvent.Changes changes) {
            for (Change change : changes.changes()) {
                if (change instanceof Change.Put put) {
                    assignments.add(
                            Assignment.fromJson(put.entry().value(), put.entry().modRevision()));
                }
            }
        }
    }
}
