package org.bucketkeeper.monitor;

import java.util.HashMap;
import java.util.Map;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.StateMachineDriver;
import org.bucketkeeper.internal.cluster.ClaimValue;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.mirror.MirrorUpdate;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.monitor.TenureHistoryMachine.Claim;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a {@link TenureHistoryMachine} against the store. To be used on the link's loop. */
final class TenureHistoryKeys {

    private static final Logger LOG = LoggerFactory.getLogger(TenureHistoryKeys.class);

    private final ClusterLink link;
    private final StateMachineDriver<TenureHistoryMachine.Event, TenureHistoryMachine.Action> driver;

    TenureHistoryKeys(ClusterLink link) {
        this.link = link;
        this.driver = new StateMachineDriver<>(link.loop(), new TenureHistoryMachine(link.keys()), this::perform);
    }

    void elected(Held held) {
        driver.send(new TenureHistoryMachine.Elected(held));
    }

    void deposed() {
        driver.send(new TenureHistoryMachine.Deposed());
    }

    void onMirrorUpdate(MirrorUpdate update) {
        Map<Bucket, @Nullable Claim> changed = new HashMap<>();
        for (String key : update.changedKeys()) {
            Bucket bucket = Keyspace.bucketAfter(link.keys().claims(), key);
            if (bucket != null) {
                changed.put(bucket, claim(link.mirror().get(key)));
            }
        }
        driver.send(new TenureHistoryMachine.ClaimsSeen(
                changed, update.revision(), link.loop().timeOfDay()));
    }

    void stop() {
        driver.stop();
    }

    private static @Nullable Claim claim(@Nullable Entry entry) {
        ClaimValue value = entry == null ? null : ClaimValue.read(entry.value());
        return entry == null || value == null
                ? null
                : new Claim(value.nodeId(), value.incarnation(), entry.createRevision());
    }

    private void perform(TenureHistoryMachine.Action action) {
        if (action instanceof TenureHistoryMachine.Read read) {
            link.store().read(link.keys().history()).whenComplete((snapshot, failure) -> {
                if (failure == null) {
                    driver.send(new TenureHistoryMachine.ReadSucceeded(
                            read.number(), snapshot.entries(), link.loop().timeOfDay()));
                } else {
                    failed(read.number(), failure);
                }
            });
        } else if (action instanceof TenureHistoryMachine.Commit commit) {
            link.commit(commit.transaction(), result -> {
                if (result instanceof CommitResult.Committed) {
                    driver.send(new TenureHistoryMachine.Committed(commit.number()));
                } else {
                    failed(commit.number(), result);
                }
            });
        }
    }

    private void failed(long number, Object cause) {
        LOG.debug(
                "History not written, trying again: cluster={} cause={}",
                link.keys().prefix(),
                cause);
        driver.send(new TenureHistoryMachine.Failed(number));
    }
}
