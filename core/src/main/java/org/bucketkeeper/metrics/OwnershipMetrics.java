package org.bucketkeeper.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.bucketkeeper.ownership.BucketOwnership;
import org.bucketkeeper.ownership.OwnershipStatus;

/**
 * Shows what a server owns and which releases take long, so that an alert can tell of one that hangs.
 *
 * <ul>
 *   <li>{@code bucketkeeper.buckets} with the tag {@code state}: {@code owned}, {@code acquiring}, {@code releasing};
 *       0 to 256 each
 *   <li>{@code bucketkeeper.release.longest}: how long the oldest release that is not done has taken; 0 if none is
 *       under way
 * </ul>
 *
 * <p>Thread-safe; no method blocks. To be bound once to a registry; it holds on to the server for as long as that lives.
 */
public final class OwnershipMetrics implements MeterBinder {

    private final BucketOwnership ownership;
    private final Tags tags;

    /** Creates metrics of {@code ownership} without tags. */
    public OwnershipMetrics(BucketOwnership ownership) {
        this(ownership, Tags.empty());
    }

    /** Creates metrics of {@code ownership} that all carry {@code tags}. */
    public OwnershipMetrics(BucketOwnership ownership, Tags tags) {
        this.ownership = ownership;
        this.tags = tags;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        buckets(registry, "owned", status -> status.owned().size());
        buckets(registry, "acquiring", status -> status.acquiring().size());
        buckets(registry, "releasing", status -> status.releases().size());
        TimeGauge.builder(
                        "bucketkeeper.release.longest",
                        ownership,
                        TimeUnit.NANOSECONDS,
                        known -> known.status().longestRelease().toNanos())
                .description("How long the oldest release that is not done has taken")
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private void buckets(MeterRegistry registry, String state, ToDoubleFunction<OwnershipStatus> count) {
        Gauge.builder("bucketkeeper.buckets", ownership, known -> count.applyAsDouble(known.status()))
                .description("Buckets of this server by state")
                .tags(tags.and("state", state))
                .strongReference(true)
                .register(registry);
    }
}
