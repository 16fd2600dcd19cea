package org.bucketkeeper.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/** Reads what a server tells about itself from the {@code cluster_config} section. */
final class NodeReader {

    static final String NODE_ID = "node_id";

    private static final String NODE_URL = "node_url";
    private static final String LOCAL_NODE_URL = "local_node_url";
    private static final String CAPACITY = "capacity";

    /** What a server must state. */
    static final List<String> REQUIRED_KEYS = List.of(NODE_ID, NODE_URL, LOCAL_NODE_URL);

    static final List<String> KEYS = List.of(NODE_ID, NODE_URL, LOCAL_NODE_URL, CAPACITY);

    private static final String ABSOLUTE_URL = "must be an absolute http or https URL";

    private final Section section;

    NodeReader(Section section) {
        this.section = section;
    }

    /** Returns the node, or null if the section has no key of a node or something is wrong with one. */
    @Nullable NodeInfo read() {
        if (KEYS.stream().noneMatch(section::isMeant)) {
            return null;
        }
        for (String key : REQUIRED_KEYS) {
            if (!section.has(key)) {
                section.missing(
                        key, "all of " + String.join(", ", REQUIRED_KEYS) + ", or none in a file for no server");
            }
        }
        String nodeId = nodeId();
        URI nodeUrl = url(NODE_URL);
        URI localNodeUrl = url(LOCAL_NODE_URL);
        int capacity = section.wholeNumber(CAPACITY, 1, NodeInfo.MAX_CAPACITY, NodeInfo.DEFAULT_CAPACITY);
        return nodeId == null || nodeUrl == null || localNodeUrl == null
                ? null
                : new NodeInfo(nodeId, nodeUrl, localNodeUrl, capacity);
    }

    private @Nullable String nodeId() {
        LocatedValue.Text text = section.text(NODE_ID);
        if (text == null) {
            return null;
        }
        if (!NodeInfo.isNodeId(text.value())) {
            section.reject(NODE_ID, text, "must be 1 to 128 letters, digits, dots, dashes or underscores");
            return null;
        }
        return text.value();
    }

    private @Nullable URI url(String key) {
        LocatedValue.Text text = section.text(key);
        if (text == null) {
            return null;
        }
        try {
            URI url = new URI(text.value());
            String expected = expectedInstead(url);
            if (expected == null) {
                return url;
            }
            section.reject(key, text, expected);
        } catch (URISyntaxException e) {
            section.reject(key, text, ABSOLUTE_URL);
        }
        return null;
    }

    /** Returns what was expected of the URL, or null if nothing else. */
    private static @Nullable String expectedInstead(URI url) {
        if (!isHttp(url) || url.getRawAuthority() == null) {
            return ABSOLUTE_URL;
        }
        if (url.getRawAuthority().indexOf('@') >= 0) {
            return "must hold no user or password";
        }
        if (url.getHost() == null) {
            return "must have a valid host (letters, digits, dots and dashes, no underscore)";
        }
        if (url.getPort() == 0 || url.getPort() > Endpoint.MAX_PORT) {
            return "must have a port from 1 to " + Endpoint.MAX_PORT + ", or none";
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            return "must have no \"?\" or \"#\"";
        }
        return null;
    }

    private static boolean isHttp(URI url) {
        return "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
    }
}
