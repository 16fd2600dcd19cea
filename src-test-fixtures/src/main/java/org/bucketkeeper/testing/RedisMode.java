package org.bucketkeeper.testing;

import java.util.List;

/** What a redis-server is run as. */
enum RedisMode {
    /** Serves data: alone, as a primary or as a replica. */
    SERVER,
    /** Watches a primary. */
    SENTINEL,
    /** Serves its part of a cluster's data, and the other nodes on a second port. */
    CLUSTER_NODE;

    /** A node serves the other nodes at its own port and this; no setting before Redis 7 says otherwise. */
    private static final int CLUSTER_PORT_DISTANCE = 10_000;

    /** What follows the configuration file on the command line. */
    List<String> arguments() {
        return this == SENTINEL ? List.of("--sentinel") : List.of();
    }

    /** The port for clients, with everything free that comes with it. */
    List<Integer> freePorts() {
        return this == CLUSTER_NODE ? List.of(FreePorts.pickWithAnother(CLUSTER_PORT_DISTANCE)) : FreePorts.pick(1);
    }
}
