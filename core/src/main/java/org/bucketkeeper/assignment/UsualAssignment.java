package org.bucketkeeper.assignment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table that is written as this library writes it, token by token and with one text for each node: every router
 * of a cluster reads every table. What is written in any other way, or wrongly, is left to a reader that is slower and
 * can say what is wrong.
 */
final class UsualAssignment {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final NodeIdPool nodeIds = new NodeIdPool();
    private final @Nullable String[] owners = new @Nullable String[Bucket.COUNT];
    private final List<Move> moves = new ArrayList<>();
    private long version;

    private UsualAssignment() {}

    /** Returns the table; null if the text is not the usual one. */
    static @Nullable Assignment read(String json, long revision) {
        UsualAssignment table = new UsualAssignment();
        try (JsonParser parser = FACTORY.createParser(json)) {
            return table.isRead(parser)
                    ? Assignment.ofOwners(table.version, revision, table.owners, table.moves)
                    : null;
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private boolean isRead(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT
                || !"version".equals(parser.nextFieldName())
                || parser.nextToken() != JsonToken.VALUE_NUMBER_INT
                || parser.getLongValue() < 0) {
            return false;
        }
        version = parser.getLongValue();
        if (!"buckets".equals(parser.nextFieldName())
                || parser.nextToken() != JsonToken.START_OBJECT
                || !areOwnersRead(parser)) {
            return false;
        }
        String next = parser.nextFieldName();
        if (next != null) {
            if (!next.equals("moves") || parser.nextToken() != JsonToken.START_ARRAY || !areMovesRead(parser)) {
                return false;
            }
            parser.nextToken();
        }
        return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    }

    private boolean areOwnersRead(JsonParser parser) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            String owner = Bucket.isName(name) ? nodeId(parser) : null;
            if (owner == null) {
                return false;
            }
            int bucket = Bucket.parse(name).index();
            if (owners[bucket] != null) {
                return false;
            }
            owners[bucket] = owner;
        }
        return parser.currentToken() == JsonToken.END_OBJECT;
    }

    private boolean areMovesRead(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String bucket = "bucket".equals(parser.nextFieldName()) ? parser.nextTextValue() : null;
            if (bucket == null || !Bucket.isName(bucket)) {
                return false;
            }
            String name = parser.nextFieldName();
            String from = null;
            if ("from".equals(name)) {
                from = nodeId(parser);
                if (from == null) {
                    return false;
                }
                name = parser.nextFieldName();
            }
            String to = "to".equals(name) ? nodeId(parser) : null;
            String reason = "reason".equals(parser.nextFieldName()) ? parser.nextTextValue() : null;
            if (to == null || to.equals(from) || reason == null || parser.nextToken() != JsonToken.END_OBJECT) {
                return false;
            }
            moves.add(new Move(Bucket.parse(bucket), from, to, MoveReason.ofJsonName(reason)));
        }
        return parser.currentToken() == JsonToken.END_ARRAY;
    }

    private @Nullable String nodeId(JsonParser parser) throws IOException {
        return parser.nextToken() == JsonToken.VALUE_STRING
                ? nodeIds.get(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength())
                : null;
    }

    /** Gives the same text for the same characters, so that a node's name is made and checked once for a table. */
    private static final class NodeIdPool {

        /** A power of two, and twice as many as there can be nodes in a table's buckets. */
        private static final int SLOTS = 2 * Bucket.COUNT;

        private final @Nullable String[] slots = new @Nullable String[SLOTS];
        private int used;

        /** Returns null if the characters are no node id, or if there are more nodes than a table has buckets. */
        @Nullable String get(char[] characters, int offset, int length) {
            int hash = 0;
            for (int i = offset; i < offset + length; i++) {
                hash = 31 * hash + characters[i];
            }
            int slot = (hash ^ hash >>> 15) & SLOTS - 1;
            for (String known = slots[slot]; known != null; known = slots[slot]) {
                if (isSame(known, characters, offset, length)) {
                    return known;
                }
                slot = slot + 1 & SLOTS - 1;
            }
            String fresh = new String(characters, offset, length);
            if (used == Bucket.COUNT || !NodeInfo.isNodeId(fresh)) {
                return null;
            }
            used++;
            slots[slot] = fresh;
            return fresh;
        }

        private static boolean isSame(String known, char[] characters, int offset, int length) {
            if (known.length() != length) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (known.charAt(i) != characters[offset + i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
