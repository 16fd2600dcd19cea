package org.bucketkeeper.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Gives a test a Redis Cluster of three primaries without replicas on this machine, each of which can be stopped,
 * killed, frozen and started again on its own. Each holds a third of the slots, for good; while one is down, the others
 * refuse every key as soon as they have noticed, which takes some 3 seconds.
 *
 * <p>The nodes are processes, found as {@link RedisServer#launch(RedisSetup)} finds them. Every method returns when its
 * effect is there, and blocks until then, for 60 seconds at most for each node. One thread uses an instance at a time.
 * The nodes end with {@link #close()} and at the latest with the JVM.
 */
public final class RedisCluster implements AutoCloseable {

    /** How many nodes there are. */
    public static final int SIZE = 3;

    private static final int SLOTS = 16_384;
    private static final int NODE_TIMEOUT_MILLIS = 3_000;
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final List<RedisServer> nodes = new ArrayList<>();

    private RedisCluster() {}

    /**
     * Starts nodes that are all set up as {@code setup} says, and returns when they are ready as {@link #awaitReady()}
     * says.
     *
     * @throws ServerStartException if there is no program, or a node did not start
     * @throws IllegalArgumentException if {@code setup} asks for TLS
     */
    public static RedisCluster launch(RedisSetup setup) {
        RedisSetup each = setup.ofSeveral()
                .directive("cluster-enabled", "yes")
                .directive("cluster-node-timeout", String.valueOf(NODE_TIMEOUT_MILLIS));
        RedisCluster cluster = new RedisCluster();
        try {
            while (cluster.nodes.size() < SIZE) {
                cluster.nodes.add(RedisServer.launch(RedisMode.CLUSTER_NODE, each));
            }
            cluster.assignSlots();
            cluster.introduce();
            cluster.awaitReady();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void assignSlots() {
        for (int at = 0; at < SIZE; at++) {
            Stream<String> slots =
                    IntStream.range(firstSlotOf(at), firstSlotOf(at + 1)).mapToObj(String::valueOf);
            nodes.get(at)
                    .command(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots)
                            .toArray(String[]::new));
        }
    }

    private void introduce() {
        for (int at = 0; at < SIZE; at++) {
            // Nodes that begin with the same epoch would have to settle first which of them has it.
            nodes.get(at).command("CLUSTER", "SET-CONFIG-EPOCH", String.valueOf(at + 1));
        }
        for (RedisServer other : nodes.subList(1, SIZE)) {
            List<String> address = other.address();
            nodes.get(0).command("CLUSTER", "MEET", address.get(0), address.get(1));
        }
    }

    private static int firstSlotOf(int node) {
        return node * SLOTS / SIZE;
    }

    /** Where clients reach the nodes, each as {@code host:port}. */
    public List<String> endpoints() {
        return nodes.stream().map(RedisServer::endpoint).toList();
    }

    /** The nodes, in the order of {@link #endpoints()}. Each answers only for its own keys. */
    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    /** The node that holds {@code key}, and with it every key of the same hash tag. One node at least has to run. */
    public RedisServer nodeOf(String key) {
        RedisServer any = nodes.stream()
                .filter(RedisServer::isHealthy)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No node answers"));
        int slot = Integer.parseInt(any.command("CLUSTER", "KEYSLOT", key));
        return IntStream.range(0, SIZE)
                .filter(at -> slot < firstSlotOf(at + 1))
                .mapToObj(nodes::get)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Returns when every node runs, knows the others and takes all slots to be served. That takes some 6 seconds more
     * where one had been taken for lost.
     *
     * @throws IllegalStateException if that is not so within 60 seconds
     */
    public void awaitReady() {
        if (!Waiting.until(BOUND, () -> nodes.stream().allMatch(node -> node.isHealthy() && isReady(node)))) {
            throw new IllegalStateException("Not every node takes the cluster to be complete after " + BOUND.toSeconds()
                    + " s; the first says:\n" + nodes.get(0).command("CLUSTER", "INFO"));
        }
    }

    private static boolean isReady(RedisServer node) {
        String info = node.command("CLUSTER", "INFO");
        return RedisAdmin.field(info, "cluster_state").equals("ok")
                && RedisAdmin.field(info, "cluster_slots_ok").equals(String.valueOf(SLOTS))
                && RedisAdmin.field(info, "cluster_known_nodes").equals(String.valueOf(SIZE));
    }

    /** Ends every node and removes the data. Does nothing the second time. */
    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }
}
