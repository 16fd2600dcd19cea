package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.bucketkeeper.assignment.Move;
import org.bucketkeeper.bucket.Bucket;

/** What several commands put into their JSON. */
final class CtlJson {

    private CtlJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Returns a constant's name as JSON and the command line show it. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static ArrayNode buckets(Iterable<Bucket> buckets) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        buckets.forEach(bucket -> array.add(bucket.toString()));
        return array;
    }

    static ArrayNode moves(List<Move> moves) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Move move : moves) {
            array.addObject()
                    .put("bucket", move.bucket().toString())
                    .put("from", move.from())
                    .put("to", move.to())
                    .put("reason", name(move.reason()));
        }
        return array;
    }

    /** Returns the moves for people. */
    static TextTable moveTable(List<Move> moves) {
        TextTable table = new TextTable("BUCKET", "FROM", "TO", "REASON");
        for (Move move : moves) {
            table.add(move.bucket(), move.from() == null ? "(none)" : move.from(), move.to(), name(move.reason()));
        }
        return table;
    }
}
