package org.bucketkeeper.examples.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.etcd.EtcdStore;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.store.CoordinationStore;

/** The program of a process that {@link FailOverLatency} kills: one server. */
public final class Victim {

    private Victim() {}

    /** Arguments: the etcd, the cluster's prefix, the node's name, its time to live in seconds. */
    public static void main(String[] arguments) throws InterruptedException, TimeoutException, IOException {
        try (CoordinationStore store = EtcdStore.connect(arguments[0]);
                ClusterServer server = ClusterServer.builder(store)
                        .prefix(arguments[1])
                        .node(NodeInfo.of(arguments[2], "https://victim.example.com/", "http://victim/"))
                        .sessionTtl(Duration.ofSeconds(Long.parseLong(arguments[3])))
                        .start()) {
            server.awaitRegistered(StoreCalls.PATIENCE);
            System.out.println("registered");
            System.out.flush();
            // Ends with the process that started it, if that does not kill it.
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }
}
