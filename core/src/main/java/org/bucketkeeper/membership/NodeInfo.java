package org.bucketkeeper.membership;

import java.net.URI;
import org.bucketkeeper.internal.text.ShownText;

/**
 * What a node tells the cluster about itself: its name, how it is reached, and how large a share of the buckets it can
 * take.
 *
 * @param nodeId names the node, across restarts; 1 to 128 letters, digits, dots, dashes or underscores
 * @param nodeUrl where browsers reach it; absolute, http or https
 * @param localNodeUrl where processes on the intranet reach it; absolute, http or https
 * @param capacity its share relative to other nodes; 1 to 1,000,000
 */
public record NodeInfo(String nodeId, URI nodeUrl, URI localNodeUrl, int capacity) {

    /** The capacity of a node that does not state one. */
    public static final int DEFAULT_CAPACITY = 100;

    /** The largest capacity. */
    public static final int MAX_CAPACITY = 1_000_000;

    private static final int LONGEST_NODE_ID = 128;

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if one is outside its range; the message names the field, the value and what
     *     was expected
     */
    public NodeInfo {
        requireNodeId(nodeId);
        requireHttpUrl("node_url", nodeUrl);
        requireHttpUrl("local_node_url", localNodeUrl);
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity must be 1 to " + MAX_CAPACITY + ", but is " + capacity);
        }
    }

    /**
     * Returns a node of {@link #DEFAULT_CAPACITY}.
     *
     * @throws IllegalArgumentException if a field is outside its range, or a URL is none
     */
    public static NodeInfo of(String nodeId, String nodeUrl, String localNodeUrl) {
        return new NodeInfo(nodeId, URI.create(nodeUrl), URI.create(localNodeUrl), DEFAULT_CAPACITY);
    }

    /** Returns this node with another capacity. */
    public NodeInfo withCapacity(int newCapacity) {
        return new NodeInfo(nodeId, nodeUrl, localNodeUrl, newCapacity);
    }

    /** Tells whether {@code text} can name a node. */
    public static boolean isNodeId(String text) {
        if (text.isEmpty() || text.length() > LONGEST_NODE_ID) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!isNodeIdCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNodeIdCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '_';
    }

    private static void requireNodeId(String nodeId) {
        if (!isNodeId(nodeId)) {
            throw new IllegalArgumentException(
                    "node_id must be 1 to 128 letters, digits, dots, dashes or underscores, but is "
                            + ShownText.quoted(nodeId));
        }
    }

    private static void requireHttpUrl(String field, URI url) {
        String scheme = url.getScheme();
        boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        if (!http || url.getHost() == null) {
            throw new IllegalArgumentException(field + " must be an absolute http or https URL with a host, but is "
                    + ShownText.quoted(url.toString()));
        }
    }
}
