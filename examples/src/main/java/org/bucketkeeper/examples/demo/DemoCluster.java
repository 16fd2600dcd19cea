package org.bucketkeeper.examples.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.ownership.BucketOwnership;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A whole cluster in one process: nodes, a monitor, and an observer that routes, as a web server would, and operates.
 * In production each of them is a process of its own, and its times are longer.
 */
final class DemoCluster implements AutoCloseable {

    /** How long a node that died is taken for alive; 90 s by default in production. */
    static final Duration SESSION_TTL = Duration.ofSeconds(5);

    /** How long the monitor waits for more nodes before the first assignment; 10 s by default in production. */
    static final Duration SETTLE_WINDOW = Duration.ofSeconds(3);

    /** How often the store is asked before it counts as out of reach. */
    private static final int CONTACTS = 3;

    private final Backend backend;
    private final String prefix;
    private final CoordinationStore store;
    private final CoordinationStore monitorStore;
    private final NodeRegistry registry;
    private final BucketRouter router;
    private final ClusterOperator operator;
    /** Also read by those who write. */
    private final Map<String, DemoNode> nodes = Collections.synchronizedMap(new LinkedHashMap<>());

    /** Leaves nothing behind if the user interrupts the demonstration. */
    private final Thread cleanUp = new Thread(this::end, "demo-clean-up");

    private @Nullable ClusterMonitor monitor;
    private boolean closed;

    private DemoCluster(Backend backend, String prefix, CoordinationStore store) {
        this.backend = backend;
        this.prefix = prefix;
        this.store = store;
        this.monitorStore = backend.connect("monitor");
        this.registry = NodeRegistry.builder(store).prefix(prefix).build();
        this.router = BucketRouter.connect(store, prefix);
        this.operator = ClusterOperator.connect(store, prefix);
    }

    /**
     * Returns a cluster without nodes.
     *
     * @param prefix the beginning of its keys, which nothing else uses
     * @throws DemoException if the store cannot be reached
     */
    static DemoCluster open(Backend backend, String prefix) throws InterruptedException {
        CoordinationStore store = backend.connect("observer");
        try {
            reach(store, prefix);
        } catch (DemoException e) {
            store.close();
            throw new DemoException("cannot reach " + backend + "; with --verbose the cause is shown", e);
        }
        DemoCluster cluster = new DemoCluster(backend, prefix, store);
        Runtime.getRuntime().addShutdownHook(cluster.cleanUp);
        return cluster;
    }

    /** The first call of a process loads the whole client, which on a busy machine takes longer than a call may. */
    private static void reach(CoordinationStore store, String prefix) throws InterruptedException {
        for (int left = CONTACTS; ; left--) {
            try {
                Waiting.forResult("reading", store.read(prefix));
                return;
            } catch (DemoException e) {
                if (left == 1) {
                    throw e;
                }
            }
        }
    }

    void startMonitor() {
        monitor = ClusterMonitor.builder(monitorStore)
                .prefix(prefix)
                .monitorId("demo-monitor")
                .settleWindow(SETTLE_WINDOW)
                .nodeTtl(SESSION_TTL)
                .start();
    }

    /** Starts nodes, and returns when all are registered. */
    void start(Collection<String> nodeIds) throws InterruptedException {
        Map<String, CoordinationStore> connections = new LinkedHashMap<>();
        for (String nodeId : nodeIds) {
            connections.put(nodeId, backend.connect(nodeId));
        }
        connections.forEach(
                (nodeId, connection) -> nodes.put(nodeId, DemoNode.start(connection, prefix, nodeId, SESSION_TTL)));
        for (String nodeId : nodeIds) {
            node(nodeId).awaitRegistered();
        }
        Waiting.until(nodeIds + " are listed", () -> live().containsAll(nodeIds));
    }

    /** Kills a node, and returns when its lease has expired. */
    void kill(String nodeId) throws InterruptedException {
        node(nodeId).kill();
        nodes.remove(nodeId);
        awaitGone(nodeId);
    }

    /** Lets a node leave in order, and returns when it is not listed any more. */
    void leave(String nodeId) throws InterruptedException {
        node(nodeId).leave();
        nodes.remove(nodeId);
        awaitGone(nodeId);
    }

    /** Returns the names of the live nodes, as the observer sees them. */
    List<String> live() {
        return registry.nodes().stream().map(LiveNode::nodeId).toList();
    }

    BucketRouter router() {
        return router;
    }

    /** Returns what a node owns; null if there is no such node. */
    @Nullable BucketOwnership ownership(String nodeId) {
        DemoNode node = nodes.get(nodeId);
        return node == null ? null : node.ownership();
    }

    /** Waits until every node owns what is assigned to it. */
    void awaitOwned() throws InterruptedException {
        Waiting.until("every bucket is owned", () -> BucketSet.ALL.equals(ownedByAll()));
    }

    private BucketSet ownedByAll() {
        BucketSet owned = BucketSet.EMPTY;
        for (DemoNode node : List.copyOf(nodes.values())) {
            owned = owned.union(node.ownership().status().owned());
        }
        return owned;
    }

    /** Returns the routers of all processes: the observer's and each node's. */
    List<BucketRouter> routers() {
        List<BucketRouter> routers = new ArrayList<>(List.of(router));
        nodes.values().forEach(node -> routers.add(node.router()));
        return routers;
    }

    ClusterOperator operator() {
        return operator;
    }

    /** Reads the table from the store itself, past all copies. */
    Assignment storedAssignment() throws InterruptedException {
        String key = prefix + "assignment";
        for (Entry entry : Waiting.forResult("reading " + key, store.read(key)).entries()) {
            if (entry.key().equals(key)) {
                return Assignment.fromJson(entry.value(), entry.modRevision());
            }
        }
        return Assignment.unassigned();
    }

    /** Ends everything and deletes what it wrote. Safe to call twice. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(cleanUp);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs already, and finds nothing left to do.
        }
    }

    private synchronized void end() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            stopAll();
            deleteKeys();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            operator.close();
            router.close();
            registry.close();
            monitorStore.close();
            store.close();
        }
    }

    private void stopAll() throws InterruptedException {
        ClusterMonitor running = monitor;
        if (running != null) {
            Waiting.forResult("resigning", running.resign());
        }
        for (DemoNode node : List.copyOf(nodes.values())) {
            node.leave();
        }
    }

    private void deleteKeys() throws InterruptedException {
        List<String> keys = new ArrayList<>();
        for (Entry entry :
                Waiting.forResult("reading " + prefix, store.read(prefix)).entries()) {
            keys.add(entry.key());
        }
        int most = store.maxTransactionOperations();
        for (int from = 0; from < keys.size(); from += most) {
            Transaction.Builder transaction = Transaction.builder();
            keys.subList(from, Math.min(keys.size(), from + most)).forEach(transaction::delete);
            CommitResult result = Waiting.forResult("deleting the keys", store.commit(transaction.build()));
            if (!(result instanceof CommitResult.Committed)) {
                throw new DemoException("the keys under " + prefix + " could not be deleted: " + result);
            }
        }
    }

    private void awaitGone(String nodeId) throws InterruptedException {
        Waiting.until(nodeId + " is gone", () -> registry.node(nodeId) == null);
    }

    private DemoNode node(String nodeId) {
        DemoNode node = nodes.get(nodeId);
        if (node == null) {
            throw new IllegalArgumentException("there is no node " + nodeId);
        }
        return node;
    }
}
