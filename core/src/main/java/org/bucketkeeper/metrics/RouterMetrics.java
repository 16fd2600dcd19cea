package org.bucketkeeper.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.routing.StoreHealth;

/**
 * Shows how far a process's table can be trusted, so that an alert can tell when it hears of no more changes.
 *
 * <ul>
 *   <li>{@code bucketkeeper.store.connected}: 1 while changes are pushed, 0 while the store is out of reach
 *   <li>{@code bucketkeeper.table.age}: how long ago the store was last heard of
 *   <li>{@code bucketkeeper.table.revision} and {@code bucketkeeper.table.version}: of the assignment in force
 *   <li>{@code bucketkeeper.buckets.unassigned}: buckets that nobody should serve, 0 to 256
 *   <li>{@code bucketkeeper.routes.changed}: how many times a bucket was routed elsewhere
 * </ul>
 *
 * <p>Thread-safe; no method blocks. To be bound once to a registry; it holds on to the router for as long as that lives.
 */
public final class RouterMetrics implements MeterBinder {

    private final BucketRouter router;
    private final Tags tags;

    /** Creates metrics of {@code router} without tags. */
    public RouterMetrics(BucketRouter router) {
        this(router, Tags.empty());
    }

    /** Creates metrics of {@code router} that all carry {@code tags}. */
    public RouterMetrics(BucketRouter router, Tags tags) {
        this.router = router;
        this.tags = tags;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("bucketkeeper.store.connected", router, RouterMetrics::connected)
                .description("1 while changes of the cluster are pushed to this process")
                .tags(tags)
                .strongReference(true)
                .register(registry);
        TimeGauge.builder(
                        "bucketkeeper.table.age",
                        router,
                        TimeUnit.NANOSECONDS,
                        known -> known.status().tableAge().toNanos())
                .description("How long ago the store was last heard of")
                .tags(tags)
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "bucketkeeper.table.revision",
                        router,
                        known -> known.status().revision())
                .description("The revision of the assignment in force")
                .tags(tags)
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "bucketkeeper.table.version",
                        router,
                        known -> known.status().version())
                .description("The number of the assignment in force")
                .tags(tags)
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "bucketkeeper.buckets.unassigned",
                        router,
                        known -> known.assignment().unassignedBuckets().size())
                .description("Buckets that are assigned to no node")
                .tags(tags)
                .strongReference(true)
                .register(registry);
        Counter changed = Counter.builder("bucketkeeper.routes.changed")
                .description("How many times a bucket was routed elsewhere")
                .tags(tags)
                .register(registry);
        router.addListener((revision, changes) -> changed.increment(changes.size()));
    }

    private static double connected(BucketRouter router) {
        return router.status().health() == StoreHealth.CONNECTED ? 1 : 0;
    }
}
