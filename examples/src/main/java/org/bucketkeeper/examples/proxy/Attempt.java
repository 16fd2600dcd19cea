package org.bucketkeeper.examples.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.ownership.NotOwner;
import org.jspecify.annotations.Nullable;

/**
 * One try to have a request answered by one server. Tells apart what certainly did not run, which may be tried again,
 * from what may have.
 */
final class Attempt {

    /** How long a server may take to say that it wants a body before it is sent all the same (RFC 9110, 10.1.1). */
    private static final Duration WAIT_FOR_CONTINUE = Duration.ofSeconds(1);

    /** How long a request waits for a connection to be free, on top of the time that a new one may take. */
    private static final Duration QUEUE_TIME = Duration.ofSeconds(1);

    private static final int LONGEST_REFUSAL = 64 * 1024;

    private final ProxyParts proxy;
    private final Exchange exchange;
    private final HttpServerRequest request;
    private final Destination.Target target;
    private @Nullable HttpClientRequest upstream;
    private boolean bodyBegun;
    private boolean sent;
    private boolean wholeSent;
    private boolean answered;

    Attempt(ProxyParts proxy, Exchange exchange, Destination.Target target) {
        this.proxy = proxy;
        this.exchange = exchange;
        this.request = exchange.request();
        this.target = target;
    }

    void begin() {
        HttpClient client = exchange.body() == RequestBody.UPGRADE ? proxy.upgrades() : proxy.client();
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.isTls())
                .setURI(target.requestTarget(exchange.target()))
                .setConnectTimeout(
                        proxy.settings().connectTimeout().plus(QUEUE_TIME).toMillis());
        client.request(options).onComplete(this::connected, this::notConnected);
    }

    /** Tells whether the server may have begun to run the request. */
    boolean isSent() {
        return sent;
    }

    /** Drops the request, wherever it is. */
    void cancel() {
        if (upstream != null) {
            upstream.reset();
        }
    }

    private void notConnected(Throwable failure) {
        boolean busy = failure instanceof ConnectionPoolTooBusyException || failure instanceof TimeoutException;
        Setback.Cause cause = busy ? Setback.Cause.TOO_BUSY : Setback.Cause.OWNER_UNREACHABLE;
        String why = busy
                ? "too many requests are under way to " + target.nodeId()
                : target.nodeId() + " takes no connection: " + failure.getMessage();
        exchange.setBack(new Setback(cause, why, target));
    }

    private void connected(HttpClientRequest connected) {
        upstream = connected;
        connected.exceptionHandler(failure -> {});
        if (exchange.isOver()) {
            connected.reset();
            return;
        }
        sent = true;
        connected.earlyHintsHandler(this::passOnHints);
        Headers.copyRequest(request, connected.headers());
        connected.response().onComplete(this::answered, this::broken);
        switch (exchange.body()) {
            case NONE -> {
                wholeSent = true;
                connected.end();
            }
            case SMALL -> {
                wholeSent = true;
                connected.end(exchange.smallBody());
            }
            case STREAMED -> askWhetherBodyIsWanted(connected);
            case UPGRADE -> {
                connected.headers().set(HttpHeaders.CONNECTION, "Upgrade").set(HttpHeaders.UPGRADE, "websocket");
                connected.connect();
            }
        }
    }

    /** So a server that does not own the bucket says so before the body is gone. */
    private void askWhetherBodyIsWanted(HttpClientRequest connected) {
        connected.putHeader(HttpHeaders.EXPECT, HttpHeaders.CONTINUE);
        connected.setChunked(!request.headers().contains(HttpHeaders.CONTENT_LENGTH));
        connected.continueHandler(wanted -> sendBody(connected));
        proxy.vertx().setTimer(WAIT_FOR_CONTINUE.toMillis(), elapsed -> sendBody(connected));
        connected.writeHead();
    }

    private void sendBody(HttpClientRequest connected) {
        if (bodyBegun || answered || exchange.isOver()) {
            return;
        }
        if (RequestBody.isAwaited(request)) {
            request.response().writeContinue();
        }
        bodyBegun = true;
        request.pipe().endOnFailure(false).to(connected).onSuccess(ended -> wholeSent = true);
    }

    private void passOnHints(MultiMap hints) {
        if (!exchange.isOver() && ClientAnswer.takesInterimAnswers(request)) {
            MultiMap passed = HttpHeaders.headers();
            Headers.copy(hints, passed);
            request.response().writeEarlyHints(passed);
        }
    }

    private void answered(HttpClientResponse response) {
        answered = true;
        response.exceptionHandler(broken -> {});
        if (exchange.isOver()) {
            return;
        }
        int status = response.statusCode();
        if (status == NotOwner.HTTP_STATUS) {
            judge(response);
        } else if (status == 101 && exchange.body() == RequestBody.UPGRADE) {
            exchange.tunnel(response);
        } else if (status < 200) {
            exchange.answer(ProxyAnswer.mayHaveRun(
                    502, "bad_answer", target.nodeId() + " answered with status " + status + ", unasked"));
        } else {
            response.pause();
            exchange.relay(client -> client.relay(response, Buffer.buffer()), this::relayed);
        }
    }

    /** Reads the refusal: only one of a bucket is known to come before anything ran. */
    private void judge(HttpClientResponse response) {
        Buffer refusal = Buffer.buffer();
        response.exceptionHandler(this::broken);
        response.handler(chunk -> {
            refusal.appendBuffer(chunk);
            if (refusal.length() > LONGEST_REFUSAL) {
                response.pause().handler(null);
                response.endHandler(null);
                exchange.relay(client -> client.relay(response, refusal), this::relayed);
            }
        });
        response.endHandler(ended -> {
            if (exchange.isOver()) {
                return;
            }
            if (request.method().equals(HttpMethod.HEAD) || refusesTheBucket(refusal)) {
                notOwner();
            } else {
                exchange.relay(client -> client.relayWhole(response, refusal), this::relayed);
            }
        });
    }

    private boolean refusesTheBucket(Buffer refusal) {
        try {
            return NotOwner.fromJson(refusal.toString(StandardCharsets.UTF_8))
                    .bucket()
                    .equals(exchange.bucket());
        } catch (IllegalArgumentException other) {
            return false;
        }
    }

    private void notOwner() {
        if (!wholeSent) {
            cancel();
        }
        String why = target.nodeId() + " does not own bucket " + exchange.bucket();
        if (bodyBegun) {
            exchange.answer(ProxyAnswer.didNotRun(503, Setback.Cause.NOT_OWNER.code(), why));
        } else {
            exchange.setBack(new Setback(Setback.Cause.NOT_OWNER, why, target));
        }
    }

    private void relayed() {
        if (!wholeSent) {
            cancel();
        }
    }

    private void broken(Throwable failure) {
        exchange.answer(ProxyAnswer.mayHaveRun(
                502, "connection_lost", "the connection to " + target.nodeId() + " was lost: " + failure.getMessage()));
    }
}
