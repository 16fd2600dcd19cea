package org.bucketkeeper.assignment;

/** Checks node ids from outside, by the same rule as a node's registration. */
final class NodeIds {

    static final String EXPECTED = "1 to 128 letters, digits, dots, dashes or underscores";

    private static final int LONGEST = 128;

    private NodeIds() {}

    static String require(String field, String nodeId) {
        if (!isNodeId(nodeId)) {
            throw new IllegalArgumentException(
                    field + " must be " + EXPECTED + ", but is \"" + ShownText.of(nodeId) + "\"");
        }
        return nodeId;
    }

    static boolean isNodeId(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
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
}
