package org.bucketkeeper.examples.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Calls servers from inside the installation: all through the proxy, which finds the server of a base and holds the call
 * during a hand-over. Never waits longer than its bound.
 */
final class InternalCalls {

    private static final int MOST_CONNECTIONS = 64;
    private static final int MOST_WAITING = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final URI proxyUrl;
    private final Duration bound;

    /**
     * Creates calls.
     *
     * @param proxyUrl ends with a slash
     * @param bound how long a call may take; longer than the proxy holds a call during a hand-over
     */
    InternalCalls(Vertx vertx, URI proxyUrl, Duration bound) {
        this.proxyUrl = proxyUrl;
        this.bound = bound;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout((int) bound.toMillis()),
                new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS).setMaxWaitQueueSize(MOST_WAITING));
    }

    /**
     * Asks for the number of rows of a base.
     *
     * @param uuid 32 lower-case hex digits
     * @return fails with an {@link ApiException} if there is no good answer
     */
    Future<JsonNode> count(String uuid) {
        return get("api/v1/internal/dtables/" + uuid + "/count/");
    }

    private Future<JsonNode> get(String path) {
        RequestOptions call = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(proxyUrl.resolve(path).toString())
                .setTimeout(bound.toMillis());
        return client.request(call)
                .compose(HttpClientRequest::send)
                .compose(response -> response.body().map(body -> read(response, body)))
                .timeout(bound.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        failure instanceof ApiException ? failure : ApiException.unreachable(proxyUrl, failure)));
    }

    private JsonNode read(HttpClientResponse response, Buffer body) {
        if (response.statusCode() != 200) {
            throw ApiException.failedCall(proxyUrl, response.statusCode());
        }
        try {
            return JSON.readTree(body.toString(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw ApiException.unreachable(proxyUrl, e);
        }
    }

    Future<Void> close() {
        return client.close();
    }
}
