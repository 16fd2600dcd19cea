package org.bucketkeeper.assignment;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/** Writes and reads the table as programs in any language see it in the store. */
final class AssignmentCodec {

    private static final String DOCUMENT = "assignment";

    private AssignmentCodec() {}

    static String write(Assignment assignment) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonFields.MAPPER.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("version", assignment.version());
            json.writeObjectFieldStart("buckets");
            for (int i = 0; i < Bucket.COUNT; i++) {
                Bucket bucket = Bucket.of(i);
                String nodeId = assignment.nodeOf(bucket);
                if (nodeId != null) {
                    json.writeStringField(bucket.toString(), nodeId);
                }
            }
            json.writeEndObject();
            if (!assignment.moves().isEmpty()) {
                writeMoves(json, assignment.moves());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void writeMoves(JsonGenerator json, List<Move> moves) throws IOException {
        json.writeArrayFieldStart("moves");
        for (Move move : moves) {
            json.writeStartObject();
            json.writeStringField("bucket", move.bucket().toString());
            String from = move.from();
            if (from != null) {
                json.writeStringField("from", from);
            }
            json.writeStringField("to", move.to());
            json.writeStringField("reason", move.reason().jsonName());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static Assignment read(String json, long revision) {
        JsonNode root = JsonFields.parseObject(DOCUMENT, json);
        long version = JsonFields.requireLong(path("version"), root.get("version"), 0, Long.MAX_VALUE);
        @Nullable String[] owners = new @Nullable String[Bucket.COUNT];
        JsonNode buckets = JsonFields.requireObject(path("buckets"), root.get("buckets"));
        for (Map.Entry<String, JsonNode> entry : buckets.properties()) {
            Bucket bucket = JsonFields.requireBucket(path("buckets") + " key", entry.getKey());
            owners[bucket.index()] = JsonFields.requireNodeId(path("buckets." + bucket), entry.getValue());
        }
        return Assignment.ofOwners(version, revision, owners, readMoves(root.get("moves")));
    }

    /** Returns the moves of an object that has them and nothing else; null if it is none. */
    static @Nullable List<Move> readOnlyMoves(String json) {
        try {
            JsonNode root = JsonFields.parseObject(DOCUMENT, json);
            return root.size() == 1 ? readMoves(root.get("moves")) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static List<Move> readMoves(@Nullable JsonNode array) {
        List<Move> moves = new ArrayList<>();
        if (array != null) {
            int i = 0;
            for (JsonNode move : JsonFields.requireArray(path("moves"), array)) {
                moves.add(readMove(path("moves[" + i + "]"), move));
                i++;
            }
        }
        return moves;
    }

    private static Move readMove(String path, JsonNode move) {
        JsonFields.requireObject(path, move);
        Bucket bucket = JsonFields.requireBucket(
                path + ".bucket", JsonFields.requireText(path + ".bucket", move.get("bucket")));
        JsonNode from = move.get("from");
        String fromNode = from == null ? null : JsonFields.requireNodeId(path + ".from", from);
        String toNode = JsonFields.requireNodeId(path + ".to", move.get("to"));
        String reason = JsonFields.requireText(path + ".reason", move.get("reason"));
        if (toNode.equals(fromNode)) {
            throw new IllegalArgumentException(
                    path + ".to must be another node than from, but is \"" + toNode + "\" as well");
        }
        return new Move(bucket, fromNode, toNode, MoveReason.ofJsonName(reason));
    }

    private static String path(String field) {
        return DOCUMENT + " " + field;
    }
}
