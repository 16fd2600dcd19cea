package org.bucketkeeper.examples.proxy;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/** The client's side of one request: passes an answer on, or gives one, or breaks the connection off. */
final class ClientAnswer {

    private static final String RETRY_AFTER_SECONDS = "1";

    /** How long a client that still sends is listened to, so that it reads the answer before the connection ends. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final ProxyParts proxy;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private boolean closes;

    ClientAnswer(ProxyParts proxy, HttpServerRequest request) {
        this.proxy = proxy;
        this.request = request;
        this.response = request.response();
    }

    static boolean takesInterimAnswers(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_1_1 && !request.response().headWritten();
    }

    long bytesMoved() {
        return request.bytesRead() + response.bytesWritten();
    }

    /** Gives an answer of the proxy's own; if a server's is on its way already, breaks that off. */
    void fail(ProxyAnswer failure, @Nullable Bucket bucket, long revision) {
        if (response.headWritten()) {
            breakOff();
            return;
        }
        response.setStatusCode(failure.status()).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        if (failure.isWorthARetry()) {
            response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        decideWhetherToClose(Framing.BY_LENGTH);
        Buffer json = failure.toJson(bucket, revision);
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(json.length()));
        (request.method().equals(HttpMethod.HEAD) ? response.end() : response.end(json))
                .onComplete(ended -> closeIfDue());
    }

    /**
     * Passes a server's answer on, as fast as the client takes it.
     *
     * @param upstream the answer; paused
     * @param beginning what was read of its body already
     * @return completes when all is passed on; fails if it could not be, and the connection is broken off then
     */
    Future<Void> relay(HttpClientResponse upstream, Buffer beginning) {
        boolean bodiless = passHead(upstream);
        Future<Void> passed = bodiless ? bodiless(upstream) : body(upstream, beginning);
        return passed.onComplete(ended -> closeIfDue(), failure -> breakOff());
    }

    /** Passes on an answer that was read to its end. */
    Future<Void> relayWhole(HttpClientResponse upstream, Buffer body) {
        passHead(upstream);
        return response.end(body).onSuccess(ended -> closeIfDue());
    }

    /** Tells whether there is nothing after the head. */
    private boolean passHead(HttpClientResponse upstream) {
        int status = upstream.statusCode();
        response.setStatusCode(status);
        if (!upstream.statusMessage().equals(HttpResponseStatus.valueOf(status).reasonPhrase())) {
            response.setStatusMessage(upstream.statusMessage());
        }
        Headers.copy(upstream.headers(), response.headers());
        boolean bodiless = request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
        decideWhetherToClose(bodiless ? Framing.BY_LENGTH : framing(upstream.headers()));
        return bodiless;
    }

    /** Lets both sides talk as they like from now on; if one ends, the other is told. */
    void tunnel(HttpClientResponse upstream) {
        upstream.pause();
        Headers.copy(upstream.headers(), response.headers());
        response.putHeader(HttpHeaders.CONNECTION, "Upgrade").putHeader(HttpHeaders.UPGRADE, "websocket");
        NetSocket server = upstream.netSocket();
        request.toNetSocket()
                .onSuccess(client -> {
                    client.closeHandler(closed -> server.close());
                    server.closeHandler(closed -> client.close());
                    client.pipeTo(server);
                    server.pipeTo(client);
                })
                .onFailure(failure -> server.close());
    }

    private Future<Void> bodiless(HttpClientResponse upstream) {
        upstream.resume();
        return response.end();
    }

    private Future<Void> body(HttpClientResponse upstream, Buffer beginning) {
        if (response.isChunked()) {
            // Nobody knows when the first piece comes.
            response.writeHead();
        }
        if (beginning.length() > 0) {
            response.write(beginning);
        }
        return upstream.pipe().endOnComplete(false).to(response).compose(all -> {
            if (response.isChunked()) {
                Headers.copy(upstream.trailers(), response.trailers());
            }
            return response.end();
        });
    }

    private Framing framing(MultiMap upstream) {
        if (upstream.contains(HttpHeaders.CONTENT_LENGTH)) {
            return Framing.BY_LENGTH;
        }
        if (request.version() == HttpVersion.HTTP_1_0) {
            return Framing.BY_CLOSING;
        }
        response.setChunked(true);
        return Framing.BY_LENGTH;
    }

    /** A client that has not sent all of its body yet need not, once it is answered. */
    private void decideWhetherToClose(Framing framing) {
        boolean sending = !request.isEnded() && RequestBody.of(request).hasBytes();
        closes = framing == Framing.BY_CLOSING || sending || proxy.stopping().get();
        if (closes) {
            response.headersEndHandler(last -> response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
        }
    }

    private void closeIfDue() {
        if (!closes) {
            return;
        }
        if (request.isEnded()) {
            request.connection().close();
            return;
        }
        request.handler(null)
                .exceptionHandler(null)
                .endHandler(ended -> request.connection().close());
        request.resume();
        proxy.vertx()
                .setTimer(LINGER.toMillis(), elapsed -> request.connection().close());
    }

    /** Resets the connection: a plain end could be taken for the end of the answer. */
    private void breakOff() {
        if (request.connection() instanceof ConnectionBase connection
                && connection.channel().isActive()) {
            connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        request.connection().close();
    }

    /** How the client knows where the answer ends. */
    private enum Framing {
        BY_LENGTH,
        BY_CLOSING
    }
}
