package org.bucketkeeper.monitor;

import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.driver.StateMachineDriver;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a {@link CompatibleAssignmentMachine} against the store. To be used on the link's loop. */
final class CompatibleAssignmentKeys {

    private static final Logger LOG = LoggerFactory.getLogger(CompatibleAssignmentKeys.class);

    private final ClusterLink link;
    private final StateMachineDriver<CompatibleAssignmentMachine.Event, CompatibleAssignmentMachine.Action> driver;

    private boolean failing;

    CompatibleAssignmentKeys(ClusterLink link) {
        this.link = link;
        int batch = Math.min(link.store().maxTransactionOperations(), CompatibleAssignmentMachine.LARGEST_BATCH);
        this.driver = new StateMachineDriver<>(
                link.loop(), new CompatibleAssignmentMachine(link.keys(), batch), this::perform);
    }

    void elected(Held held) {
        driver.send(new CompatibleAssignmentMachine.Elected(held));
    }

    void deposed() {
        driver.send(new CompatibleAssignmentMachine.Deposed());
    }

    void assignmentSeen(Assignment assignment) {
        driver.send(new CompatibleAssignmentMachine.AssignmentSeen(assignment));
    }

    void doubtWrites() {
        driver.send(new CompatibleAssignmentMachine.WritesDoubted());
    }

    void stop() {
        driver.stop();
    }

    private void perform(CompatibleAssignmentMachine.Action action) {
        if (action instanceof CompatibleAssignmentMachine.Read read) {
            link.store().read(CompatibleAssignmentMachine.KEY_PREFIX).whenComplete((snapshot, failure) -> {
                if (failure == null) {
                    driver.send(new CompatibleAssignmentMachine.ReadSucceeded(read.number(), snapshot.entries()));
                } else {
                    failed(read.number(), StoreException.from(failure));
                }
            });
        } else if (action instanceof CompatibleAssignmentMachine.Commit commit) {
            link.store().commit(commit.transaction()).whenComplete((result, failure) -> {
                if (result instanceof CommitResult.Committed) {
                    driver.send(new CompatibleAssignmentMachine.Committed(commit.number()));
                } else if (result instanceof CommitResult.Unknown unknown) {
                    failed(commit.number(), unknown.cause());
                } else {
                    driver.send(new CompatibleAssignmentMachine.Failed(commit.number()));
                }
            });
        } else if (action instanceof CompatibleAssignmentMachine.TellReconciled tell) {
            failing = false;
            LOG.info(
                    "Compatible keys written: cluster={} revision={} keys={}",
                    link.keys().prefix(),
                    tell.revision(),
                    tell.written());
        }
    }

    private void failed(long number, StoreException cause) {
        driver.send(new CompatibleAssignmentMachine.Failed(number));
        link.loop().execute(() -> {
            if (!failing) {
                failing = true;
                LOG.warn(
                        "Compatible keys cannot be read or written, trying again: cluster={} cause={}",
                        link.keys().prefix(),
                        cause.getMessage());
            }
        });
    }
}
