package org.bucketkeeper;

import org.bucketkeeper.assignment.AutomaticBalancing;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CoordinationStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the roles of a process as an operator's {@code dtable_server_config.json} says, so that a program needs no
 * settings of its own: read the file, connect to the store that it names, and take the role that the program has.
 *
 * <pre>{@code
 * ClusterConfig config = ClusterConfig.read(Path.of("dtable_server_config.json"));
 * BucketKeeper cluster = BucketKeeper.configured(store, config);
 * ClusterServer server = cluster.server().start();
 * }</pre>
 *
 * <p>Immutable and thread-safe; no method blocks. The store stays the caller's to close, after the roles.
 */
public final class BucketKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(BucketKeeper.class);

    private final CoordinationStore store;
    private final ClusterConfig config;

    private BucketKeeper(CoordinationStore store, ClusterConfig config) {
        this.store = store;
        this.config = config;
    }

    /** Returns a starter of roles over {@code store}; logs what is doubtful about the configuration. */
    public static BucketKeeper configured(CoordinationStore store, ClusterConfig config) {
        for (String warning : config.warnings()) {
            LOG.warn("{}: {}", config.file(), warning);
        }
        return new BucketKeeper(store, config);
    }

    /**
     * Returns a builder of the server that the configuration describes.
     *
     * @throws org.bucketkeeper.config.ClusterConfigException if the configuration names no node
     */
    public ClusterServer.Builder server() {
        return ClusterServer.builder(store)
                .node(config.requireNode())
                .prefix(config.prefix())
                .sessionTtl(config.sessionTtl())
                .compatibleKeys(compatibleKeys());
    }

    /** Returns a router of the configured cluster. */
    public BucketRouter router() {
        return BucketRouter.connect(store, config.prefix());
    }

    /** Returns a router and an operator of the configured cluster over one watch. */
    public ClusterClient client() {
        return ClusterClient.connect(store, config.prefix());
    }

    /** Returns a builder of a monitor of the configured cluster. */
    public ClusterMonitor.Builder monitor() {
        AutomaticBalancing balancing = config.autoRebalance() ? AutomaticBalancing.ON : AutomaticBalancing.OFF;
        return ClusterMonitor.builder(store)
                .prefix(config.prefix())
                .leaderTtl(config.monitorTtl())
                .nodeTtl(config.sessionTtl())
                .settleWindow(config.settleTime())
                .massLossHold(config.massLossHold())
                .initialPolicy(Policy.DEFAULT.withAutomaticBalancing(balancing))
                .compatibleKeys(compatibleKeys());
    }

    /** Returns an operator of the configured cluster. */
    public ClusterOperator operator() {
        return ClusterOperator.connect(store, config.prefix());
    }

    private CompatibleKeys compatibleKeys() {
        return config.compatibleKeys() ? CompatibleKeys.WRITTEN : CompatibleKeys.NOT_WRITTEN;
    }
}
