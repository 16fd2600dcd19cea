package org.bucketkeeper.examples.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What all requests share.
 *
 * @param client sends requests
 * @param upgrades sends upgrades; apart, so that WebSockets, which last, take no connections away from requests
 * @param stopping whether connections are to be closed after the answer
 */
record ProxyParts(
        Vertx vertx,
        ProxySettings settings,
        Routes routes,
        HeldRequests held,
        ProxyMetrics metrics,
        HttpClient client,
        HttpClient upgrades,
        AtomicBoolean stopping) {}
