package org.bucketkeeper.examples.demo;

import java.util.LinkedHashMap;
import java.util.Map;

/** Gives every node a letter and a colour that stay the same for as long as the demonstration runs. */
final class NodeMarks {

    /** The number of nodes that can be told apart. */
    static final int MOST = 26;

    /**
     * Colours that most colour-blind people can tell apart: first those of Okabe and Ito, then Paul Tol's "muted" ones,
     * which are the best there are where more are needed.
     */
    private static final int[] COLOURS = {
        0x56B4E9, 0xE69F00, 0x009E73, 0xCC79A7, 0xF0E442, 0x0072B2, 0xD55E00, 0x88CCEE, 0x882255, 0xDDCC77, 0x44AA99,
        0x332288, 0x999933, 0xCC6677, 0x117733, 0xAA4499, 0xBBBBBB
    };

    private final Map<String, NodeMark> marks = new LinkedHashMap<>();

    /** Returns the node's mark; the next free one if the node is new. */
    NodeMark of(String nodeId) {
        return marks.computeIfAbsent(nodeId, newcomer -> next());
    }

    private NodeMark next() {
        int number = marks.size();
        if (number == MOST) {
            throw new IllegalStateException("there are letters for " + MOST + " nodes only");
        }
        return new NodeMark((char) ('A' + number), Rgb.of(COLOURS[number % COLOURS.length]));
    }
}
