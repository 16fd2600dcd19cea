package org.bucketkeeper.examples.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A client's socket that keeps what it is told. */
final class RecordedSocket implements WebSocket.Listener {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder parts = new StringBuilder();
    private @Nullable WebSocket socket;

    static RecordedSocket open(HttpClient http, URI uri) {
        RecordedSocket recorded = new RecordedSocket();
        recorded.socket = http.newWebSocketBuilder().buildAsync(uri, recorded).join();
        return recorded;
    }

    void send(String text) {
        Objects.requireNonNull(socket).sendText(text, true).join();
    }

    /** Returns the next message; fails if there is none in time. */
    JsonNode next() throws InterruptedException {
        JsonNode message = messages.poll(20, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message in 20 s");
        }
        return message;
    }

    /** Returns the next message of a type; drops those before it. */
    JsonNode next(String type) throws InterruptedException {
        JsonNode message = next();
        while (!message.path("type").asText().equals(type)) {
            message = next();
        }
        return message;
    }

    /** Returns the places of a message's rows. */
    static List<Long> places(JsonNode message) {
        return StreamSupport.stream(message.path("rows").spliterator(), false)
                .map(row -> row.path("seq").asLong())
                .toList();
    }

    /** Returns the code that the server closed the socket with. */
    int closeCode() throws Exception {
        return closed.get(20, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        parts.append(data);
        if (last) {
            try {
                messages.add(JSON.readTree(parts.toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            parts.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }
}
