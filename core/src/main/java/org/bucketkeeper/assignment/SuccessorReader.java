package org.bucketkeeper.assignment;

import java.util.List;
import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * Reads the table that follows one that is known: every router of a cluster reads every table, and hardly anything in it
 * is new. Compares the text with what {@link AssignmentCodec} would write; where it is written in any other way, names a
 * node that the known table lacks, or is wrong, it is left to the codec, which takes longer and says what is wrong.
 */
final class SuccessorReader {

    private static final String BEGINNING = "{\"version\":";
    private static final String BUCKETS = ",\"buckets\":{";
    private static final String MOVES = ",\"moves\":";
    /** No number of so many digits is too large for a long. */
    private static final int MOST_DIGITS = 18;

    private static final String[] FIELDS = new String[Bucket.COUNT];

    static {
        for (int b = 0; b < Bucket.COUNT; b++) {
            FIELDS[b] = "\"" + Bucket.of(b) + "\":\"";
        }
    }

    private final String text;
    private final String[] nodeIds;
    private int position;

    private SuccessorReader(String text, String[] nodeIds) {
        this.text = text;
        this.nodeIds = nodeIds;
    }

    /**
     * Reads the table.
     *
     * @param nodeIds of the known table
     * @param owners the index in {@code nodeIds} for each bucket of the known table, negative if none; not changed
     * @return null if the text has to be read in another way
     */
    static @Nullable Assignment read(String text, long revision, String[] nodeIds, short[] owners) {
        return new SuccessorReader(text, nodeIds).read(revision, owners);
    }

    private @Nullable Assignment read(long revision, short[] owners) {
        long version = skip(BEGINNING) ? version() : -1;
        int[] target = version >= 0 && skip(BUCKETS) ? target(owners) : null;
        List<Move> moves = target == null ? null : moves();
        return target == null || moves == null ? null : Assignment.of(version, revision, nodeIds, target, moves);
    }

    private boolean skip(String expected) {
        boolean found = text.startsWith(expected, position);
        if (found) {
            position += expected.length();
        }
        return found;
    }

    /** Returns a negative number if there is none, or one that is written in an unusual way. */
    private long version() {
        int from = position;
        long version = 0;
        while (position < text.length() && position - from < MOST_DIGITS && isDigit(text.charAt(position))) {
            version = 10 * version + text.charAt(position) - '0';
            position++;
        }
        boolean usual = position > from && (text.charAt(from) != '0' || position == from + 1);
        return usual ? version : -1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Returns the index of each bucket's node, after the object's end; null if it is written in an unusual way. */
    private int @Nullable [] target(short[] owners) {
        int[] target = new int[Bucket.COUNT];
        boolean first = true;
        for (int b = 0; b < Bucket.COUNT; b++) {
            int before = position;
            target[b] = -1;
            if ((first || skip(",")) && skip(FIELDS[b])) {
                target[b] = node(owners[b]);
                if (target[b] < 0) {
                    return null;
                }
                first = false;
            } else {
                position = before;
            }
        }
        return skip("}") ? target : null;
    }

    /** Returns the index of the node whose name is next, after its closing quote; negative if it is not known. */
    private int node(int expected) {
        if (expected >= 0 && isNext(nodeIds[expected])) {
            return expected;
        }
        for (int i = 0; i < nodeIds.length; i++) {
            if (isNext(nodeIds[i])) {
                return i;
            }
        }
        return -1;
    }

    private boolean isNext(String nodeId) {
        int end = position + nodeId.length();
        boolean next = text.startsWith(nodeId, position) && end < text.length() && text.charAt(end) == '"';
        if (next) {
            position = end + 1;
        }
        return next;
    }

    /** Returns what the codec makes of the rest; null if it is not the usual one. */
    private @Nullable List<Move> moves() {
        if (position == text.length() - 1 && text.charAt(position) == '}') {
            return List.of();
        }
        return text.startsWith(MOVES, position)
                ? AssignmentCodec.readOnlyMoves("{" + text.substring(position + 1))
                : null;
    }
}
