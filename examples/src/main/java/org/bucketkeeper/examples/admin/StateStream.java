package org.bucketkeeper.examples.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.ClusterClient;
import org.bucketkeeper.monitor.ClusterOverview;

/**
 * Pushes how the cluster stands to open pages, as Server-Sent Events: at once, after each change, and every two seconds.
 * A page that does not keep up misses some, and is dropped when it has not taken anything for a while; its browser
 * connects again. Used on one event loop.
 */
final class StateStream {

    private static final int MOST_PAGES = 200;
    private static final int MOST_MISSED = 10;

    private final ClusterClient cluster;
    private final LeaseTimes leases;
    private final RecentMoves moves;
    private final Clock clock;
    private final boolean tokenConfigured;
    private final Context loop;
    /** The open pages, and how many times in a row each has missed something. */
    private final Map<HttpServerResponse, Integer> pages = new HashMap<>();

    private volatile boolean closed;

    StateStream(
            ClusterClient cluster,
            LeaseTimes leases,
            RecentMoves moves,
            Clock clock,
            boolean tokenConfigured,
            Context loop) {
        this.cluster = cluster;
        this.leases = leases;
        this.moves = moves;
        this.clock = clock;
        this.tokenConfigured = tokenConfigured;
        this.loop = loop;
    }

    /** Returns how the cluster stands now. */
    CompletionStage<JsonNode> state() {
        return cluster.operator().overview().thenApply(this::json);
    }

    void open(RoutingContext context) {
        loop.runOnContext(on -> {
            if (pages.size() >= MOST_PAGES) {
                context.response().putHeader("retry-after", "10");
                AdminApi.fail(context, 503, "too_many", "as many pages are open as may be: " + MOST_PAGES);
                return;
            }
            HttpServerResponse page = context.response();
            page.setChunked(true).putHeader("content-type", "text/event-stream");
            page.closeHandler(closed -> loop.runOnContext(then -> pages.remove(page)));
            pages.put(page, 0);
            state().whenComplete((json, failure) -> loop.runOnContext(then -> {
                if (failure == null) {
                    send(page, message(json));
                } else {
                    // Tells the browser that the line is open, though nothing is known yet.
                    send(page, ": waiting\n\n");
                }
            }));
        });
    }

    /** Sends to all pages how the cluster stands now, if that is known. */
    void refresh() {
        state().whenComplete((json, failure) -> {
            if (failure == null) {
                publish(json);
            }
        });
    }

    /** Sends to all pages how the cluster stands. */
    void publish(ClusterOverview overview) {
        publish(json(overview));
    }

    void close() {
        closed = true;
        loop.runOnContext(on -> Map.copyOf(pages).keySet().forEach(page -> {
            pages.remove(page);
            page.end();
        }));
    }

    private void publish(JsonNode json) {
        if (closed) {
            return;
        }
        String message = message(json);
        loop.runOnContext(on -> Map.copyOf(pages).keySet().forEach(page -> send(page, message)));
    }

    private JsonNode json(ClusterOverview overview) {
        moves.see(overview.assignment(), clock.instant());
        return AdminJson.state(
                overview, cluster.router().status(), leases, moves.newestFirst(), tokenConfigured, clock.instant());
    }

    private static String message(JsonNode json) {
        return "data: " + json + "\n\n";
    }

    private void send(HttpServerResponse page, String message) {
        if (page.closed() || page.ended()) {
            pages.remove(page);
        } else if (!page.writeQueueFull()) {
            pages.put(page, 0);
            page.write(message);
        } else if (pages.merge(page, 1, Integer::sum) > MOST_MISSED) {
            pages.remove(page);
            page.reset();
        }
    }
}
