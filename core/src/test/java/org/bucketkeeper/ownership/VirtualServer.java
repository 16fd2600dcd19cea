package org.bucketkeeper.ownership;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.ProcessTable;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.routing.BucketRouter;

/** A server in virtual time whose application does what a test says, and remembers what it was told. */
final class VirtualServer implements OwnershipListener {

    final String nodeId;
    /** What runs the application's calls. */
    final PausableLoop workers;

    final VirtualCluster.Member process;
    final BucketRouter router;
    final BucketOwnership ownership;
    final NodeRegistry registry;
    final Map<Bucket, Tenure> tenures = new HashMap<>();
    boolean answersWithNull;
    Consumer<Tenure> onAcquired = tenure -> {};
    final List<String> calls = new ArrayList<>();
    private final Map<Bucket, CompletableFuture<Void>> heldBack = new HashMap<>();
    private final Map<Bucket, Integer> failures = new HashMap<>();

    VirtualServer(VirtualCluster cluster, String nodeId, OwnershipSettings settings) {
        this.nodeId = nodeId;
        workers = new PausableLoop(cluster.time.newLoop());
        process = cluster.process(nodeId, workers, ProcessTable.UNKNOWN);
        router = cluster.router(process);
        ownership = BucketOwnership.sharing(process.link(), router, nodeId, settings, this);
        registry = NodeRegistry.sharing(
                process.link(),
                NodeRegistry.sessionSettings(NodeRegistry.DEFAULT_SESSION_TTL, null),
                CompatibleKeys.NOT_WRITTEN,
                ownership.session());
        registry.register(VirtualCluster.node(nodeId));
    }

    /** Makes the application's unloading of {@code bucket} wait until the returned future is completed. */
    CompletableFuture<Void> holdBackUnloading(Bucket bucket) {
        return heldBack.computeIfAbsent(bucket, b -> new CompletableFuture<>());
    }

    /** Makes the next {@code times} attempts to unload {@code bucket} fail. */
    void failUnloading(Bucket bucket, int times) {
        failures.put(bucket, times);
    }

    /** Returns what the listener was told of {@code bucket}, in order. */
    List<String> callsFor(Bucket bucket) {
        return calls.stream()
                .filter(call -> call.endsWith(" " + bucket))
                .map(call -> call.substring(0, call.indexOf(' ')))
                .toList();
    }

    @Override
    public void acquired(Tenure tenure) {
        calls.add("acquired " + tenure.bucket());
        tenures.put(tenure.bucket(), tenure);
        onAcquired.accept(tenure);
    }

    // An application may break the rule that forbids null.
    @SuppressWarnings("NullAway")
    @Override
    public CompletionStage<?> releasing(Tenure tenure) {
        calls.add("releasing " + tenure.bucket());
        Integer toFail = failures.getOrDefault(tenure.bucket(), 0);
        if (toFail > 0) {
            failures.put(tenure.bucket(), toFail - 1);
            throw new IllegalStateException("the disk is full");
        }
        if (answersWithNull) {
            answersWithNull = false;
            return null;
        }
        return heldBack.getOrDefault(tenure.bucket(), CompletableFuture.completedFuture(null));
    }

    @Override
    public void lost(Tenure tenure) {
        calls.add("lost " + tenure.bucket());
    }
}
