package org.bucketkeeper.examples.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.List;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.ownership.NotOwner;

/**
 * One WebSocket that watches a base: is told its rows in order, may append rows, and is told where to go when the base
 * moves. What is not said otherwise runs on the socket's own context.
 */
final class BaseSocket implements Base.Watcher {

    private static final short INTERNAL_ERROR = 1011;
    private static final short SERVICE_RESTART = 1012;
    private static final short TRY_AGAIN_LATER = 1013;

    private static final int MOST_UNSENT_BYTES = 4 << 20;
    private static final int MOST_APPENDS_AT_ONCE = 32;
    private static final long PING_MILLIS = 25_000;
    private static final int MOST_PINGS_UNANSWERED = 2;

    private final Vertx vertx;
    private final Context context;
    private final ServerWebSocket socket;
    private final Base base;
    private final BaseAccess access;
    private final Bases bases;
    private final String nodeId;
    private final Duration maxWait;

    private long unsentBytes;
    private int appends;
    private int pingsUnanswered;

    BaseSocket(
            Vertx vertx,
            Context context,
            ServerWebSocket socket,
            Base base,
            BaseAccess access,
            Bases bases,
            String nodeId,
            Duration maxWait) {
        this.vertx = vertx;
        this.context = context;
        this.socket = socket;
        this.base = base;
        this.access = access;
        this.bases = bases;
        this.nodeId = nodeId;
        this.maxWait = maxWait;
    }

    /** Begins to watch the base: the rows after {@code start} come first. */
    void open(long start) {
        long pings = vertx.setPeriodic(PING_MILLIS, now -> ping());
        socket.pongHandler(pong -> pingsUnanswered = 0);
        socket.textMessageHandler(this::received);
        socket.shutdownHandler(end -> socket.close(SERVICE_RESTART, "the server ends, connect again"));
        socket.closeHandler(closed -> {
            vertx.cancelTimer(pings);
            base.unwatch(this);
        });
        base.watch(this, start);
    }

    /** Called from any thread. */
    @Override
    public void opened(long count, List<Row> later) {
        // However much it is, it was asked for: it does not count as unsent.
        context.runOnContext(now -> {
            if (!socket.isClosed()) {
                socket.writeTextMessage("{\"type\":\"base\",\"dtable_uuid\":\"" + base.uuid() + "\",\"node_id\":"
                        + RowJson.quoted(nodeId) + ",\"count\":" + count + ",\"rows\":"
                        + RowJson.list(later, Row::json) + "}");
            }
        });
    }

    /** Called from any thread. */
    @Override
    public void stored(List<Row> more) {
        context.runOnContext(now -> send("{\"type\":\"rows\",\"rows\":" + RowJson.list(more, Row::json) + "}"));
    }

    /** Called from any thread. */
    @Override
    public void departed(Departure reason) {
        context.runOnContext(now -> {
            if (reason instanceof Departure.Moved moved) {
                send(moved(moved.owner()));
                socket.close(SERVICE_RESTART, "moved");
            } else if (reason instanceof Departure.StorageFailed) {
                socket.close(INTERNAL_ERROR, "the storage failed, connect again");
            } else {
                socket.close(SERVICE_RESTART, "unloaded, connect again");
            }
        });
    }

    private static String moved(NotOwner refusal) {
        NodeInfo owner = refusal.owner();
        return "{\"type\":\"moved\",\"node_id\":" + RowJson.quoted(owner == null ? null : owner.nodeId())
                + ",\"node_url\":" + RowJson.quoted(owner == null ? null : owner.nodeUrl()) + ",\"revision\":"
                + refusal.revision() + "}";
    }

    private void received(String text) {
        List<NewRow> rows;
        try {
            JsonNode message = RowJson.object(text);
            if (!message.path("type").asText().equals("append")) {
                throw new ApiException(ApiException.BAD_REQUEST, "bad_type", "type must be \"append\"");
            }
            rows = RowJson.rows(message);
        } catch (ApiException refusal) {
            send(refused(refusal, List.of()));
            return;
        }
        append(rows);
    }

    private void append(List<NewRow> rows) {
        if (++appends == MOST_APPENDS_AT_ONCE) {
            socket.pause();
        }
        Future.fromCompletionStage(access.enter(base.uuid(), maxWait), context)
                .compose(permit -> Future.fromCompletionStage(bases.append(permit, base.uuid(), rows), context)
                        .onSuccess(saved ->
                                send("{\"type\":\"saved\",\"rows\":" + RowJson.list(saved, SavedRow::json) + "}"))
                        .onFailure(failure -> send(refused(ApiException.of(failure), rows)))
                        .onComplete(done -> permit.close())
                        .otherwiseEmpty())
                .onFailure(notOurs -> send(refused(ApiException.of(notOurs), rows)))
                .onComplete(done -> {
                    if (appends-- == MOST_APPENDS_AT_ONCE) {
                        socket.resume();
                    }
                });
    }

    private static String refused(ApiException refusal, List<NewRow> rows) {
        return "{\"type\":\"refused\",\"error\":" + RowJson.quoted(refusal.error()) + ",\"message\":"
                + RowJson.quoted(refusal.getMessage()) + ",\"ids\":"
                + RowJson.list(rows, row -> RowJson.quoted(row.id())) + "}";
    }

    /** Whoever reads more slowly than rows come would fill the memory: it may connect again from where it is. */
    private void send(String message) {
        if (socket.isClosed()) {
            return;
        }
        if (unsentBytes > MOST_UNSENT_BYTES) {
            socket.close(TRY_AGAIN_LATER, "too slow, connect again from the last row");
            return;
        }
        unsentBytes += message.length();
        socket.writeTextMessage(message).onComplete(sent -> unsentBytes -= message.length());
    }

    private void ping() {
        if (pingsUnanswered++ == MOST_PINGS_UNANSWERED) {
            socket.close();
        } else {
            socket.writePing(Buffer.buffer("still there?"));
        }
    }
}
