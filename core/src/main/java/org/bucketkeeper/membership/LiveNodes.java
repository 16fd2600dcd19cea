package org.bucketkeeper.membership;

import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.mirror.Mirror;
import org.bucketkeeper.store.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the registered nodes out of a mirror. */
public final class LiveNodes {

    private static final Logger LOG = LoggerFactory.getLogger(LiveNodes.class);

    private LiveNodes() {}

    /**
     * Returns the registered nodes, ordered by name. A registration that cannot be read is left out and warned about,
     * so that one bad key does not stop the cluster. To be called on the mirror's loop.
     */
    public static List<LiveNode> in(Mirror mirror, Keyspace keys) {
        List<LiveNode> nodes = new ArrayList<>();
        for (Entry entry : mirror.under(keys.nodes()).values()) {
            try {
                LiveNode node = NodeJson.read(entry);
                if (!keys.node(node.nodeId()).equals(entry.key())) {
                    throw new IllegalArgumentException(
                            "registration " + entry.key() + " names another node: " + node.nodeId());
                }
                nodes.add(node);
            } catch (IllegalArgumentException e) {
                LOG.warn("A registration is passed over: {}", e.getMessage());
            }
        }
        return List.copyOf(nodes);
    }
}
