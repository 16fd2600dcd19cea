package org.bucketkeeper.membership;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.mirror.Mirror;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the registered nodes out of a mirror, parsing only what changed since the last time: in a large cluster nodes
 * come and go all the time. To be used on the mirror's loop.
 */
public final class LiveNodes {

    private static final Logger LOG = LoggerFactory.getLogger(LiveNodes.class);

    private final Mirror mirror;
    private final Keyspace keys;
    private Map<String, Registration> registrations = Map.of();

    /** What an entry says; the node is null if it cannot be read. */
    private record Registration(Entry entry, @Nullable LiveNode node) {}

    /** Returns the one reader of a mirror, which all roles of a process share. */
    public static LiveNodes in(Mirror mirror, Keyspace keys) {
        return mirror.derived(LiveNodes.class, () -> new LiveNodes(mirror, keys));
    }

    private LiveNodes(Mirror mirror, Keyspace keys) {
        this.mirror = mirror;
        this.keys = keys;
    }

    /**
     * Returns the nodes that are registered now, ordered by name. A registration that cannot be read is left out and
     * warned about once, so that one bad key does not stop the cluster.
     */
    public List<LiveNode> all() {
        Map<String, Registration> current = new HashMap<>();
        List<LiveNode> nodes = new ArrayList<>();
        for (Entry entry : mirror.under(keys.nodes()).values()) {
            Registration known = registrations.get(entry.key());
            Registration registration = known != null && known.entry().equals(entry) ? known : read(entry);
            current.put(entry.key(), registration);
            if (registration.node() != null) {
                nodes.add(registration.node());
            }
        }
        registrations = current;
        return List.copyOf(nodes);
    }

    private Registration read(Entry entry) {
        try {
            LiveNode node = NodeJson.read(entry);
            if (!keys.node(node.nodeId()).equals(entry.key())) {
                throw new IllegalArgumentException(
                        "registration " + entry.key() + " names another node: " + node.nodeId());
            }
            return new Registration(entry, node);
        } catch (IllegalArgumentException e) {
            LOG.warn("A registration is passed over: {}", e.getMessage());
            return new Registration(entry, null);
        }
    }
}
