package org.bucketkeeper.examples.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.bucketkeeper.examples.load.History.SeenRow;
import org.jspecify.annotations.Nullable;

/**
 * Reads and appends to bases over HTTP, and keeps the history of it: what was asked, and what came of it. A request is
 * never sent twice, if the JDK's client is told so: see {@link #NO_RETRIES}.
 *
 * <p>Every other row goes without an id, by which a server would know one that comes twice; it is known here by a word in
 * it.
 *
 * <p>Thread-safe. Every method blocks until the answer is there, or the timeout is over.
 */
public final class BaseClient {

    /** The system property that, at "1", keeps the JDK's client from asking again by itself when a connection breaks. */
    public static final String NO_RETRIES = "jdk.httpclient.redirects.retrylimit";

    private static final String WORD = "word";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;

    private final HttpClient http;
    private final URI server;
    private final @Nullable String node;
    private final History history;
    private final Duration timeout;
    private final AtomicLong appends = new AtomicLong();

    /**
     * Creates a client.
     *
     * @param server a proxy's URL, or a dtable-server's
     * @param node the name of that server; null if it is a proxy, which may ask any
     */
    public BaseClient(HttpClient http, URI server, @Nullable String node, History history, Duration timeout) {
        this.http = http;
        this.server = server;
        this.node = node;
        this.history = history;
        this.timeout = timeout;
    }

    /** What came of a request. */
    public enum Outcome {
        /** It was done. */
        DONE,
        /** It was certainly not done. */
        FAILED,
        /** It may have been done. */
        UNKNOWN
    }

    /** Appends one row. */
    public Outcome append(String client, String base) throws InterruptedException {
        String id = UUID.randomUUID().toString();
        long operation = history.invokeAppend(client, base, List.of(id));
        String key = appends.incrementAndGet() % 2 == 0 ? "_id" : WORD;
        String body = "{\"rows\":[{\"" + key + "\":\"" + id + "\",\"by\":\"" + client + "\"}]}";
        HttpRequest request = request(base + "/rows/")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != OK) {
                return notDone(operation, answer);
            }
            Map<String, Long> seqs = new LinkedHashMap<>();
            rows(JSON.readTree(answer.body())).forEach(row -> seqs.put(key.equals(WORD) ? id : row.id(), row.seq()));
            history.appended(operation, seqs, node);
            return Outcome.DONE;
        } catch (IOException e) {
            history.unknown(operation, e.toString());
            return Outcome.UNKNOWN;
        }
    }

    /** Reads a whole base. */
    public Outcome read(String client, String base) throws InterruptedException {
        return readRows(client, base) >= 0 ? Outcome.DONE : Outcome.FAILED;
    }

    /** Reads a whole base, and returns how many rows it has; -1 if that failed. */
    long readRows(String client, String base) throws InterruptedException {
        long operation = history.invokeRead(client, base);
        try {
            HttpResponse<String> answer = http.send(request(base + "/").build(), BodyHandlers.ofString());
            if (answer.statusCode() != OK) {
                history.failed(operation, answer.statusCode() + " " + answer.body());
                return -1;
            }
            List<SeenRow> rows = rows(JSON.readTree(answer.body()));
            history.read(operation, rows, node);
            return rows.size();
        } catch (IOException e) {
            history.failed(operation, e.toString());
            return -1;
        }
    }

    /** Returns the rows of an answer or a message. */
    static List<SeenRow> rows(JsonNode json) {
        List<SeenRow> rows = new ArrayList<>();
        for (JsonNode row : json.path("rows")) {
            rows.add(new SeenRow(
                    row.path("seq").asLong(),
                    row.path(WORD).asText(row.path("_id").asText())));
        }
        return rows;
    }

    private Outcome notDone(long operation, HttpResponse<String> answer) {
        String why = answer.statusCode() + " " + answer.body();
        if (mayHaveRun(answer.body())) {
            history.unknown(operation, why);
            return Outcome.UNKNOWN;
        }
        history.failed(operation, why);
        return Outcome.FAILED;
    }

    private static boolean mayHaveRun(String body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json.path("may_have_run").asBoolean()
                    || json.path("error").asText().contains("unknown")
                    || json.path("error").asText().equals("internal_error");
        } catch (JsonProcessingException e) {
            return true;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve("/api/v1/dtables/" + path)).timeout(timeout);
    }
}
