package org.bucketkeeper.assignment;

import org.bucketkeeper.internal.text.ShownText;
import org.bucketkeeper.membership.NodeInfo;

/** Checks node ids from outside, by the same rule as a node's registration. */
final class NodeIds {

    static final String EXPECTED = "1 to 128 letters, digits, dots, dashes or underscores";

    private NodeIds() {}

    static String require(String field, String nodeId) {
        if (!NodeInfo.isNodeId(nodeId)) {
            throw new IllegalArgumentException(field + " must be " + EXPECTED + ", but is " + ShownText.quoted(nodeId));
        }
        return nodeId;
    }
}
