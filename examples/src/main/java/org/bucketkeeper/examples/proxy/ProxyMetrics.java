package org.bucketkeeper.examples.proxy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts what becomes of requests. */
final class ProxyMetrics {

    private final MeterRegistry registry;
    private final Timer latency;

    ProxyMetrics(MeterRegistry registry, HeldRequests held) {
        this.registry = registry;
        this.latency = Timer.builder("bucketkeeper.proxy.latency")
                .description("From the head of a request to the end of its answer")
                .register(registry);
        Gauge.builder("bucketkeeper.proxy.held", held, HeldRequests::count)
                .description("Requests that wait for their bucket's next owner")
                .register(registry);
    }

    void ended(String outcome, Duration took) {
        registry.counter("bucketkeeper.proxy.requests", "outcome", outcome).increment();
        latency.record(took);
    }

    void setBack(Setback.Cause cause) {
        registry.counter("bucketkeeper.proxy.retries", "cause", cause.code()).increment();
    }
}
