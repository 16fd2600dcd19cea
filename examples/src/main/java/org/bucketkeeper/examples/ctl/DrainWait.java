package org.bucketkeeper.examples.ctl;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.monitor.NodeCondition;
import org.bucketkeeper.monitor.NodeOverview;

/** Waits until a node has no bucket any more: none assigned, and none held. */
final class DrainWait {

    private final CtlCluster cluster;
    private final String nodeId;
    private final ProgressBar bar;
    private final BlockingQueue<ClusterOverview> news = new ArrayBlockingQueue<>(1);

    DrainWait(CtlCluster cluster, String nodeId, ProgressBar bar) {
        this.cluster = cluster;
        this.nodeId = nodeId;
        this.bar = bar;
        cluster.operator().addListener(this::keepNewest);
    }

    /**
     * Returns the node as it is when it is empty, or when the time is up.
     *
     * @throws CtlException if somebody takes the drain back
     */
    NodeOverview until(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        ClusterOverview overview = cluster.overview();
        int most = 0;
        boolean inForce = false;
        while (true) {
            NodeOverview node = nodeIn(overview);
            int left = node.assigned() + node.held();
            most = Math.max(most, left);
            bar.show(most - left, most);
            boolean draining = overview.policy().draining().contains(nodeId);
            // Before the drain is seen to be in force, a node without buckets may yet get some.
            if (left == 0 && draining) {
                return node;
            }
            if (inForce && !draining) {
                throw CtlException.refused(
                        "somebody took the drain of " + nodeId + " back: it still has " + node.assigned() + " buckets");
            }
            inForce |= draining;
            ClusterOverview next = news.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                return node;
            }
            overview = next;
        }
    }

    private NodeOverview nodeIn(ClusterOverview overview) {
        NodeOverview node = overview.node(nodeId);
        return node == null ? new NodeOverview(nodeId, null, NodeCondition.GONE, 0, 0, 0) : node;
    }

    /** Called one at a time, on a thread of the library, which must not wait. */
    private void keepNewest(ClusterOverview overview) {
        news.poll();
        news.offer(overview);
    }
}
