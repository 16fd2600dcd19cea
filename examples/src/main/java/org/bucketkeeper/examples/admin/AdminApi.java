package org.bucketkeeper.examples.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bucketkeeper.ClusterClient;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.monitor.NodeOverview;
import org.bucketkeeper.monitor.OperationRefusedException;
import org.bucketkeeper.routing.RouterStatus;
import org.bucketkeeper.store.StoreException;
import org.jspecify.annotations.Nullable;

/** Answers operators over HTTP. Nothing blocks. */
final class AdminApi {

    private static final long LARGEST_BODY = 64 * 1024L;
    private static final String RETRY_SECONDS = "2";
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final ClusterClient cluster;
    private final LeaseTimes leases;
    private final Visitors visitors;
    private final boolean tokenConfigured;

    AdminApi(ClusterClient cluster, LeaseTimes leases, AdminSettings settings) {
        this.cluster = cluster;
        this.leases = leases;
        this.visitors = new Visitors(settings);
        this.tokenConfigured = settings.token() != null;
    }

    Router router(Vertx vertx, StateStream stream, PrometheusMeterRegistry meters) {
        Router router = Router.router(vertx);
        router.route().handler(context -> {
            context.response()
                    .putHeader("x-content-type-options", "nosniff")
                    .putHeader("cache-control", "no-cache")
                    .putHeader("referrer-policy", "no-referrer")
                    .putHeader("content-security-policy", CONTENT_SECURITY_POLICY);
            context.next();
        });
        router.route().handler(visitors::check);
        router.post().handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY));

        router.get("/").handler(context -> page(context, "index.html", "text/html; charset=utf-8"));
        router.get("/status.css").handler(context -> page(context, "status.css", "text/css; charset=utf-8"));
        router.get("/status.js").handler(context -> page(context, "status.js", "text/javascript; charset=utf-8"));
        router.get("/healthz").handler(context -> context.response().end("ok"));
        router.get("/readyz").handler(this::ready);
        router.get("/metrics")
                .handler(context -> context.response()
                        .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(meters.scrape()));
        router.get("/token").handler(this::token);
        router.get("/state").handler(context -> answer(context, stream.state()));
        router.get("/events").handler(stream::open);
        router.get("/status")
                .handler(
                        context -> answer(context, cluster.operator().overview().thenApply(this::status)));
        router.get("/nodes")
                .handler(context -> answer(
                        context,
                        cluster.operator().overview().thenApply(overview -> AdminJson.nodes(overview, leases))));
        router.get("/assignment")
                .handler(
                        context -> answer(context, cluster.operator().overview().thenApply(AdminJson::assignment)));
        router.get("/plan").handler(context -> answer(context, plans()));
        router.get("/history/:bucket")
                .handler(context -> ifBucket(
                        context,
                        bucket -> answer(
                                context, cluster.operator().history(bucket).thenApply(AdminJson::history))));

        router.post("/rebalance").handler(this::rebalance);
        router.post("/rebalance/").handler(this::rebalance);
        Map<String, BiFunction<Policy, String, Policy>> wishes = Map.of(
                "cordon",
                Policy::cordon,
                "uncordon",
                Policy::uncordon,
                "drain",
                Policy::drain,
                "undrain",
                Policy::undrain);
        wishes.forEach((name, wish) -> router.post("/nodes/:node/" + name)
                .handler(context -> ifNode(
                        context,
                        context.pathParam("node"),
                        name.startsWith("un"),
                        node -> change(context, policy -> wish.apply(policy, node)))));
        router.post("/buckets/:bucket/pin")
                .handler(context -> ifBucket(
                        context,
                        bucket -> ifNode(
                                context,
                                context.request().getParam("node"),
                                false,
                                node -> change(context, policy -> policy.pin(bucket, node)))));
        router.post("/buckets/:bucket/unpin")
                .handler(context -> ifBucket(context, bucket -> change(context, policy -> policy.unpin(bucket))));

        router.errorHandler(
                404,
                context -> fail(
                        context,
                        404,
                        "not_found",
                        "there is nothing at " + context.request().path()));
        router.errorHandler(405, context -> fail(context, 405, "method_not_allowed", "use another method here"));
        router.errorHandler(413, context -> fail(context, 413, "too_large", "the body is larger than " + LARGEST_BODY));
        router.errorHandler(400, context -> fail(context, 400, "bad_request", "the request cannot be read"));
        return router;
    }

    boolean tokenConfigured() {
        return tokenConfigured;
    }

    private void ready(RoutingContext context) {
        if (cluster.router().status().revision() > 0) {
            context.response().end("ready");
        } else {
            fail(context, 503, "not_ready", "no table was read yet");
        }
    }

    private void token(RoutingContext context) {
        if (!tokenConfigured) {
            fail(context, 404, "no_token", "no token is configured");
        } else if (visitors.knowsTheToken(context.request())) {
            context.response().setStatusCode(204).end();
        } else {
            fail(context, 401, "unauthorized", "that is not the token");
        }
    }

    private JsonNode status(ClusterOverview overview) {
        RouterStatus status = cluster.router().status();
        var json = AdminJson.object().put("cluster", overview.prefix());
        json.set("store", AdminJson.store(status));
        return json.put("leader", overview.leader())
                .put("revision", status.revision())
                .put("version", status.version())
                .put("nodes", overview.nodes().size())
                .put("unassigned", overview.assignment().unassignedBuckets().size())
                .put(
                        "changing_hands",
                        overview.buckets().stream()
                                .filter(bucket -> bucket.isChangingHands())
                                .count())
                .put("problem", overview.problem());
    }

    private CompletionStage<JsonNode> plans() {
        return cluster.operator()
                .plan(RebalanceMode.KEEP)
                .thenCombine(cluster.operator().plan(RebalanceMode.BALANCE), (keep, balance) -> {
                    var json = AdminJson.object();
                    json.set("keep", AdminJson.plan(keep));
                    json.set("balance", AdminJson.plan(balance));
                    return json;
                });
    }

    private void rebalance(RoutingContext context) {
        String dryRun = Objects.requireNonNullElse(context.request().getParam("dry_run"), "false");
        switch (dryRun) {
            case "true" ->
                answer(context, cluster.operator().plan(RebalanceMode.BALANCE).thenApply(AdminJson::plan));
            case "false" -> answer(context, cluster.operator().rebalance().thenApply(AdminJson::outcome));
            default -> fail(context, 400, "bad_request", "dry_run must be true or false, but is \"" + dryRun + "\"");
        }
    }

    private void change(RoutingContext context, UnaryOperator<Policy> change) {
        answer(context, cluster.operator().changePolicy(change).thenApply(policy -> {
            var json = AdminJson.object();
            policy.cordoned().forEach(json.putArray("cordoned")::add);
            policy.draining().forEach(json.putArray("draining")::add);
            var pins = json.putObject("pins");
            policy.pins().forEach((bucket, node) -> pins.put(bucket.toString(), node));
            return json;
        }));
    }

    private static void ifBucket(RoutingContext context, Consumer<Bucket> then) {
        String name = context.pathParam("bucket");
        if (name != null && Bucket.isName(name)) {
            then.accept(Bucket.parse(name));
        } else {
            fail(context, 400, "bad_bucket", "a bucket must be 00 to ff, but is \"" + name + "\"");
        }
    }

    /** What is taken back may concern a node that is gone. */
    private void ifNode(RoutingContext context, @Nullable String node, boolean mayBeGone, Consumer<String> then) {
        if (node == null) {
            fail(context, 400, "bad_request", "node is missing");
            return;
        }
        cluster.operator()
                .overview()
                .whenComplete((overview, failure) -> context.vertx().runOnContext(on -> {
                    if (failure != null) {
                        fail(context, failure);
                    } else if (mayBeGone || overview.node(node) != null) {
                        then.accept(node);
                    } else {
                        fail(
                                context,
                                404,
                                "unknown_node",
                                "there is no node \"" + node + "\"; there are: "
                                        + String.join(
                                                ", ",
                                                overview.nodes().stream()
                                                        .map(NodeOverview::nodeId)
                                                        .toList()));
                    }
                }));
    }

    static void answer(RoutingContext context, CompletionStage<? extends JsonNode> stage) {
        stage.whenComplete((json, failure) -> context.vertx().runOnContext(on -> {
            if (failure != null) {
                fail(context, failure);
            } else {
                context.response()
                        .putHeader("content-type", "application/json")
                        .end(Buffer.buffer(json.toString().getBytes(StandardCharsets.UTF_8)));
            }
        }));
    }

    private static void fail(RoutingContext context, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof OperationRefusedException) {
            fail(context, 409, "refused", message);
        } else if (cause instanceof StoreException) {
            context.response().putHeader("retry-after", RETRY_SECONDS);
            fail(context, 503, "unavailable", message);
        } else if (cause instanceof IllegalArgumentException) {
            fail(context, 400, "bad_request", message);
        } else {
            fail(context, 500, "failed", message);
        }
    }

    static void fail(RoutingContext context, int status, String error, String message) {
        if (!context.response().ended()) {
            context.response()
                    .setStatusCode(status)
                    .putHeader("content-type", "application/json")
                    .end(AdminJson.object()
                            .put("error", error)
                            .put("message", message)
                            .toString());
        }
    }

    private static void page(RoutingContext context, String name, String type) {
        try (InputStream file = AdminApi.class.getResourceAsStream(name)) {
            byte[] content = Objects.requireNonNull(file, name).readAllBytes();
            context.response().putHeader("content-type", type).end(Buffer.buffer(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
