package org.bucketkeeper.examples.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.examples.load.History.SeenRow;
import org.jspecify.annotations.Nullable;

/**
 * Watches one base over a WebSocket as a browser does: connects again by itself from the last row it has seen, and
 * sends again, under the same id, what it got no answer to. Keeps the history of all of it.
 */
final class BaseWatcher {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
    private static final int LONGEST_PAUSE_MILLIS = 200;

    /** It was certainly not done here: another server, or this one a little later, will do it. */
    private static final Set<String> ELSEWHERE = Set.of("NOT_OWNER", "stopping");

    private static final int INTERNAL_ERROR = 1011;

    private final String client;
    private final String base;
    private final HttpClient http;
    private final URI proxy;
    private final History history;
    private final ScheduledExecutorService timer;
    /** Operations without an answer, by the id of their row. */
    private final Map<String, Long> waiting = new LinkedHashMap<>();

    private @Nullable WebSocket socket;
    private long lastSeq;
    private int connections;
    private boolean stopped;

    BaseWatcher(
            String client, String base, HttpClient http, URI proxy, History history, ScheduledExecutorService timer) {
        this.client = client;
        this.base = base;
        this.http = http;
        this.proxy = proxy;
        this.history = history;
        this.timer = timer;
    }

    synchronized void connect() {
        if (stopped) {
            return;
        }
        connections++;
        String connection = client + "#" + connections;
        long start = lastSeq;
        URI uri = URI.create(proxy.resolve("/ws/?dtable_uuid=" + base + "&start=" + start)
                .toString()
                .replaceFirst("^http", "ws"));
        CompletionStage<WebSocket> opening = http.newWebSocketBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .buildAsync(uri, new Connection(connection, start));
        opening.whenComplete((opened, failure) -> {
            if (failure != null) {
                history.socketFailed(client, base, failure.toString());
                later();
            }
        });
    }

    /** Appends a row; the answer comes when it comes, if need be over another connection. */
    synchronized void append() {
        String id = UUID.randomUUID().toString();
        waiting.put(id, history.invokeAppend(client, base, List.of(id)));
        WebSocket open = socket;
        if (open != null) {
            send(open, List.of(id));
        }
    }

    synchronized boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Tells whether all of that many rows have come. */
    synchronized boolean hasSeen(long rows) {
        return lastSeq >= rows;
    }

    /** Notes how far it has come. */
    synchronized void report() {
        history.watched(client, base, lastSeq);
    }

    String base() {
        return base;
    }

    /** Ends; what has no answer yet stays without one. */
    synchronized void stop() {
        stopped = true;
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
    }

    private void later() {
        var unused = timer.schedule(
                this::connect, ThreadLocalRandom.current().nextInt(LONGEST_PAUSE_MILLIS), TimeUnit.MILLISECONDS);
    }

    private void send(WebSocket to, List<String> ids) {
        var message = JSON.createObjectNode().put("type", "append");
        var rows = message.putArray("rows");
        ids.forEach(id -> rows.addObject().put("_id", id).put("by", client));
        CompletionStage<WebSocket> sending = to.sendText(message.toString(), true);
        // It is sent again over the next connection.
        sending.exceptionally(failure -> to);
    }

    private synchronized void receive(Connection from, WebSocket over, String text) throws JsonProcessingException {
        JsonNode message = JSON.readTree(text);
        List<SeenRow> rows = BaseClient.rows(message);
        switch (message.path("type").asText()) {
            case "base" -> {
                history.connected(client, base, from.name, from.start, rows);
                seen(rows);
                socket = over;
                if (!waiting.isEmpty()) {
                    send(over, new ArrayList<>(waiting.keySet()));
                }
            }
            case "rows" -> {
                history.pushed(client, base, from.name, rows);
                seen(rows);
            }
            case "saved" -> rows.forEach(this::saved);
            case "refused" -> {
                String error = message.path("error").asText();
                if (error.startsWith("bad_")) {
                    message.path("ids").forEach(id -> refused(id.asText(), text));
                } else {
                    if (!ELSEWHERE.contains(error)) {
                        history.socketFailed(client, base, text);
                    }
                    over.abort();
                    ended(from);
                }
            }
            default -> {}
        }
    }

    private void seen(List<SeenRow> rows) {
        if (!rows.isEmpty()) {
            lastSeq = rows.get(rows.size() - 1).seq();
        }
    }

    private void saved(SeenRow row) {
        Long operation = waiting.remove(row.id());
        if (operation != null) {
            history.appended(operation, Map.of(row.id(), row.seq()), null);
        }
    }

    private void refused(String id, String why) {
        Long operation = waiting.remove(id);
        if (operation != null) {
            history.failed(operation, why);
        }
    }

    private synchronized void ended(Connection connection) {
        if (!connection.ended) {
            connection.ended = true;
            socket = null;
            later();
        }
    }

    /** One connection; its messages come one at a time. */
    private final class Connection implements WebSocket.Listener {

        private final String name;
        private final long start;
        private final StringBuilder parts = new StringBuilder();
        private boolean ended;

        Connection(String name, long start) {
            this.name = name;
            this.start = start;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                String text = parts.toString();
                parts.setLength(0);
                try {
                    receive(this, from, text);
                } catch (JsonProcessingException e) {
                    from.abort();
                    ended(this);
                }
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            if (code == INTERNAL_ERROR) {
                history.socketFailed(client, base, code + " " + reason);
            }
            ended(this);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            ended(this);
        }
    }
}
