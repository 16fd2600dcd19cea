package org.bucketkeeper.examples.benchmarks;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CoordinationStore;

/** The program of a process that {@link IdleCost} starts: servers and routers that have nothing to do. */
public final class IdleFleet {

    private IdleFleet() {}

    /**
     * Arguments: the etcd, the cluster's prefix, the beginning of the servers' names, how many servers, each with a
     * connection of its own, and how many routers, which share one.
     */
    public static void main(String[] arguments) throws InterruptedException, TimeoutException, IOException {
        int servers = Integer.parseInt(arguments[3]);
        int routers = Integer.parseInt(arguments[4]);
        Deque<Runnable> closings = new ArrayDeque<>();
        for (int i = 0; i < servers; i++) {
            CoordinationStore store = EtcdStore.connect(arguments[0]);
            closings.push(store::close);
            ClusterServer server = ClusterServer.builder(store)
                    .prefix(arguments[1])
                    .node(NodeInfo.of(arguments[2] + i, "https://idle.example.com/", "http://idle/"))
                    .compatibleKeys(CompatibleKeys.NOT_WRITTEN)
                    .start();
            closings.push(server::close);
            server.awaitRegistered(StoreCalls.PATIENCE);
        }
        CoordinationStore shared = EtcdStore.connect(arguments[0]);
        closings.push(shared::close);
        for (int i = 0; i < routers; i++) {
            BucketRouter router = BucketRouter.connect(shared, arguments[1]);
            closings.push(router::close);
            router.awaitReady(StoreCalls.PATIENCE);
        }
        System.out.println("ready");
        System.out.flush();
        // Ends with the process that started it.
        while (System.in.read() >= 0) {
            Thread.onSpinWait();
        }
        closings.forEach(Runnable::run);
    }
}
