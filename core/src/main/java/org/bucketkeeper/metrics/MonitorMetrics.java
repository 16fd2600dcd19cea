package org.bucketkeeper.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.bucketkeeper.monitor.ClusterMonitor;

/**
 * Shows whether a monitor leads: {@code bucketkeeper.monitor.leading} is 1 if it does and 0 if it stands by, so that an
 * alert can tell when the sum over all monitors is not 1.
 *
 * <p>Thread-safe; no method blocks. To be bound once to a registry; it holds on to the monitor for as long as that lives.
 */
public final class MonitorMetrics implements MeterBinder {

    private final ClusterMonitor monitor;
    private final Tags tags;

    /** Creates metrics of {@code monitor} without tags. */
    public MonitorMetrics(ClusterMonitor monitor) {
        this(monitor, Tags.empty());
    }

    /** Creates metrics of {@code monitor} that all carry {@code tags}. */
    public MonitorMetrics(ClusterMonitor monitor, Tags tags) {
        this.monitor = monitor;
        this.tags = tags;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("bucketkeeper.monitor.leading", monitor, known -> known.isLeading() ? 1 : 0)
                .description("1 while this monitor leads")
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }
}
