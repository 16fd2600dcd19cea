package org.bucketkeeper.testing.scale;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.Watch;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchListener;

/** One process's connection to the store, whose traffic is counted. */
final class MeteredStore implements CoordinationStore {

    private final CoordinationStore client;
    private final Traffic traffic;

    MeteredStore(CoordinationStore client, Traffic traffic) {
        this.client = client;
        this.traffic = traffic;
    }

    @Override
    public CompletionStage<Snapshot> read(String prefix) {
        traffic.read();
        return client.read(prefix).whenComplete((snapshot, failure) -> {
            if (failure == null) {
                traffic.answer(snapshot.entries());
            }
        });
    }

    @Override
    public CompletionStage<CommitResult> commit(Transaction transaction) {
        return client.commit(transaction);
    }

    @Override
    public CompletionStage<Lease> grantLease(Duration ttl) {
        return client.grantLease(ttl);
    }

    @Override
    public CompletionStage<KeepAliveResult> keepAlive(long leaseId) {
        traffic.renewal();
        return client.keepAlive(leaseId);
    }

    @Override
    public CompletionStage<Duration> timeToLive(long leaseId) {
        return client.timeToLive(leaseId);
    }

    @Override
    public CompletionStage<Void> revokeLease(long leaseId) {
        return client.revokeLease(leaseId);
    }

    @Override
    public Watch watch(String prefix, long fromRevision, WatchListener listener) {
        return client.watch(prefix, fromRevision, event -> {
            if (event instanceof WatchEvent.Changes changes) {
                traffic.changes(changes.changes());
            }
            listener.onEvent(event);
        });
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
