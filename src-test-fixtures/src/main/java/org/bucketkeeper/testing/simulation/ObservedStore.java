package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.Watch;
import org.bucketkeeper.store.WatchListener;

/** A process's store client that lets the checks see what is asked of the store, and by whom. */
final class ObservedStore implements CoordinationStore {

    private final Checks checks;
    private final SimulatedProcess process;
    private final CoordinationStore client;

    ObservedStore(Checks checks, SimulatedProcess process, CoordinationStore client) {
        this.checks = checks;
        this.process = process;
        this.client = client;
    }

    @Override
    public CompletionStage<CommitResult> commit(Transaction transaction) {
        checks.onCommit(process, transaction);
        return process.sendCommit(transaction).whenComplete((result, failure) -> {
            if (result instanceof CommitResult.Committed committed) {
                // Just before the process' own event.
                process.link().loop().execute(() -> checks.onCommitted(process, committed.revision()));
            }
        });
    }

    @Override
    public CompletionStage<Lease> grantLease(Duration ttl) {
        CompletionStage<Lease> granted = client.grantLease(ttl);
        granted.whenComplete((lease, failure) -> {
            if (failure == null) {
                checks.onLease(lease.id(), process);
            }
        });
        return granted;
    }

    @Override
    public CompletionStage<Snapshot> read(String prefix) {
        return client.read(prefix);
    }

    @Override
    public CompletionStage<KeepAliveResult> keepAlive(long leaseId) {
        return client.keepAlive(leaseId);
    }

    @Override
    public CompletionStage<Duration> timeToLive(long leaseId) {
        return client.timeToLive(leaseId);
    }

    @Override
    public CompletionStage<Void> revokeLease(long leaseId) {
        checks.onRevoke(process, leaseId);
        return client.revokeLease(leaseId);
    }

    @Override
    public Watch watch(String prefix, long fromRevision, WatchListener listener) {
        return client.watch(prefix, fromRevision, listener);
    }

    @Override
    public int maxTransactionOperations() {
        return client.maxTransactionOperations();
    }

    @Override
    public void close() {
        client.close();
    }
}
