package org.bucketkeeper.examples.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes down every request and what came of it, as it happens: one JSON object a line, with the nanoseconds since the
 * history began in {@code at_ns}.
 *
 * <pre>{@code
 * {"at_ns":1,"event":"invoke_append","op":1,"client":"c","base":"3f...","ids":["x"]}
 * {"at_ns":2,"event":"appended","op":1,"node":"dtable-server-01","rows":[[1,"x"]]}
 * {"at_ns":3,"event":"invoke_read","op":2,"client":"c","base":"3f..."}
 * {"at_ns":4,"event":"read","op":2,"rows":[[1,"x"]]}
 * {"at_ns":5,"event":"failed","op":3,"why":"503 ..."}                             certainly not done
 * {"at_ns":6,"event":"unknown","op":4,"why":"connection reset"}                   may have been done
 * {"at_ns":7,"event":"connected","client":"c","base":"3f...","connection":"c#1","start":0,"rows":[[1,"x"]]}
 * {"at_ns":8,"event":"pushed","client":"c","base":"3f...","connection":"c#1","rows":[[2,"y"]]}
 * {"at_ns":9,"event":"socket_failed","client":"c","base":"3f...","why":"503"}
 * {"at_ns":10,"event":"watched","client":"c","base":"3f...","seq":2}              when the load has ended
 * {"at_ns":11,"event":"mark","what":"killed","node":"dtable-server-02"}
 * }</pre>
 *
 * <p>Some marks have a meaning: between {@code forbidden} and {@code allowed} the node may accept no row; {@code finished}
 * says that every base was read once more after the last row.
 *
 * <p>Thread-safe. The order of the lines is the order of the events: an answer that was there before a request was made
 * stands before it.
 */
public final class History implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedWriter file;
    private final long start = System.nanoTime();
    private long operations;

    private History(BufferedWriter file) {
        this.file = file;
    }

    /**
     * A row as a client saw it.
     *
     * @param seq its place in the base, from 1 on
     * @param id its id
     */
    public record SeenRow(long seq, String id) {}

    /** Begins a history in a file, in place of what may stand there. */
    public static History create(Path path) throws IOException {
        return new History(Files.newBufferedWriter(path, StandardCharsets.UTF_8));
    }

    /** A client is about to append rows; returns the operation's number. */
    public synchronized long invokeAppend(String client, String base, List<String> ids) {
        operations++;
        ObjectNode event = event("invoke_append").put("op", operations);
        event.put("client", client).put("base", base);
        ids.forEach(event.putArray("ids")::add);
        write(event);
        return operations;
    }

    /** The rows are acknowledged; {@code node} is who did it, null if that is not known. */
    public synchronized void appended(long operation, Map<String, Long> seqById, @Nullable String node) {
        ObjectNode event = event("appended").put("op", operation);
        if (node != null) {
            event.put("node", node);
        }
        ArrayNode rows = event.putArray("rows");
        seqById.forEach((id, seq) -> rows.addArray().add(seq).add(id));
        write(event);
    }

    /** The operation was certainly not done. */
    public synchronized void failed(long operation, String why) {
        write(event("failed").put("op", operation).put("why", why));
    }

    /** The operation may have been done. */
    public synchronized void unknown(long operation, String why) {
        write(event("unknown").put("op", operation).put("why", why));
    }

    /** A client is about to read a whole base; returns the operation's number. */
    public synchronized long invokeRead(String client, String base) {
        operations++;
        write(event("invoke_read").put("op", operations).put("client", client).put("base", base));
        return operations;
    }

    /** The base was read; {@code node} is who answered, null if that is not known. */
    public synchronized void read(long operation, List<SeenRow> rows, @Nullable String node) {
        ObjectNode event = event("read").put("op", operation);
        if (node != null) {
            event.put("node", node);
        }
        write(withRows(event, rows));
    }

    /** A WebSocket was opened that wants the rows after {@code startSeq}, and these came first. */
    public synchronized void connected(
            String client, String base, String connection, long startSeq, List<SeenRow> rows) {
        ObjectNode event = event("connected").put("client", client).put("base", base);
        write(withRows(event.put("connection", connection).put("start", startSeq), rows));
    }

    /** Rows were pushed over a WebSocket. */
    public synchronized void pushed(String client, String base, String connection, List<SeenRow> rows) {
        ObjectNode event = event("pushed").put("client", client).put("base", base);
        write(withRows(event.put("connection", connection), rows));
    }

    /** A WebSocket could not be opened, or ended because the server was at fault. */
    public synchronized void socketFailed(String client, String base, String why) {
        write(event("socket_failed").put("client", client).put("base", base).put("why", why));
    }

    /** A WebSocket watched its base to the end, up to this row. */
    public synchronized void watched(String client, String base, long lastSeq) {
        write(event("watched").put("client", client).put("base", base).put("seq", lastSeq));
    }

    /** Something happened to the deployment, such as a node that was killed. */
    public synchronized void mark(String what, Map<String, String> details) {
        ObjectNode event = event("mark").put("what", what);
        details.forEach(event::put);
        write(event);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }

    private ObjectNode event(String name) {
        return JSON.createObjectNode().put("at_ns", System.nanoTime() - start).put("event", name);
    }

    private static ObjectNode withRows(ObjectNode event, List<SeenRow> rows) {
        ArrayNode array = event.putArray("rows");
        rows.forEach(row -> array.addArray().add(row.seq()).add(row.id()));
        return event;
    }

    /** What comes after the end is not written: the run is over. */
    private void write(ObjectNode event) {
        try {
            file.write(event.toString());
            file.newLine();
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written: " + e.getMessage(), e);
        }
    }
}
