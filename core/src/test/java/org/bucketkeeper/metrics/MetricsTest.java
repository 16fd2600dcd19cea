package org.bucketkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.VirtualCluster.Member;
import org.bucketkeeper.internal.session.SessionSettings;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.ownership.BucketOwnership;
import org.bucketkeeper.ownership.OwnershipListener;
import org.bucketkeeper.ownership.OwnershipSettings;
import org.bucketkeeper.ownership.Tenure;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.memory.Direction;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private final VirtualCluster cluster = new VirtualCluster();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CompletableFuture<Void> unloading = new CompletableFuture<>();

    @Test
    void showTheTableOfARouter() {
        startServer("a");
        startMonitor();
        Member process = cluster.process("web");
        new RouterMetrics(cluster.router(process)).bindTo(registry);
        cluster.advance(Duration.ofSeconds(1));

        assertThat(gauge("bucketkeeper.store.connected")).isEqualTo(1);
        assertThat(gauge("bucketkeeper.table.revision"))
                .isEqualTo((double) cluster.assignment().revision());
        assertThat(gauge("bucketkeeper.table.version")).isEqualTo(1);
        assertThat(gauge("bucketkeeper.buckets.unassigned")).isZero();
    }

    @Test
    void showThatTheStoreIsAway() {
        startServer("a");
        startMonitor();
        Member process = cluster.process("web");
        new RouterMetrics(cluster.router(process)).bindTo(registry);
        cluster.advance(Duration.ofSeconds(1));

        process.client().faults().cut(Direction.BOTH);
        cluster.advance(Duration.ofMinutes(1));

        assertThat(gauge("bucketkeeper.store.connected")).isZero();
        assertThat(registry.get("bucketkeeper.table.age").timeGauge().value(TimeUnit.SECONDS))
                .isBetween(50.0, 70.0);
    }

    @Test
    void countBucketsThatAreRoutedElsewhere() {
        startServer("a");
        startServer("b");
        startMonitor();
        new RouterMetrics(cluster.router(cluster.process("web"))).bindTo(registry);
        cluster.advance(Duration.ofSeconds(1));
        double before = registry.get("bucketkeeper.routes.changed").counter().count();

        drain("a");

        assertThat(registry.get("bucketkeeper.routes.changed").counter().count() - before)
                .isEqualTo(128);
    }

    @Test
    void showWhatAServerOwnsAndWhatHangs() {
        BucketOwnership ownership = startServer("a");
        startServer("b");
        startMonitor();
        new OwnershipMetrics(ownership, Tags.of("node", "a")).bindTo(registry);
        assertThat(buckets("owned")).isEqualTo(128);

        drain("a");
        cluster.advance(Duration.ofSeconds(30));

        assertThat(buckets("owned")).isZero();
        assertThat(buckets("acquiring")).isZero();
        assertThat(buckets("releasing")).isEqualTo(128);
        assertThat(registry.get("bucketkeeper.release.longest")
                        .tag("node", "a")
                        .timeGauge()
                        .value(TimeUnit.SECONDS))
                .isBetween(30.0, 32.0);
    }

    @Test
    void showWhetherAMonitorLeads() {
        startServer("a");
        ClusterMonitor monitor = startMonitor();
        new MonitorMetrics(monitor).bindTo(registry);
        assertThat(gauge("bucketkeeper.monitor.leading")).isEqualTo(1);

        var resigned = monitor.resign();
        cluster.advance(Duration.ofSeconds(1));

        assertThat(resigned.toCompletableFuture()).isCompleted();
        assertThat(gauge("bucketkeeper.monitor.leading")).isZero();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private double buckets(String state) {
        return registry.get("bucketkeeper.buckets").tag("state", state).gauge().value();
    }

    private void drain(String nodeId) {
        ClusterOperator operator =
                ClusterOperator.sharing(cluster.process("operator").link());
        cluster.await(operator.changePolicy(policy -> policy.drain(nodeId)));
        cluster.advance(Duration.ofSeconds(1));
    }

    /** Its releases hang. */
    private BucketOwnership startServer(String nodeId) {
        Member process = cluster.process(nodeId);
        BucketRouter router = cluster.router(process);
        BucketOwnership ownership = BucketOwnership.sharing(
                process.link(), router, nodeId, OwnershipSettings.DEFAULT, new OwnershipListener() {
                    @Override
                    public CompletableFuture<Void> releasing(Tenure tenure) {
                        return unloading;
                    }
                });
        NodeRegistry members = NodeRegistry.sharing(
                process.link(),
                new SessionSettings(Duration.ofSeconds(90), Duration.ofSeconds(180)),
                CompatibleKeys.NOT_WRITTEN,
                ownership.session());
        var registered = members.register(VirtualCluster.node(nodeId));
        cluster.advance(Duration.ZERO);
        assertThat(registered.toCompletableFuture()).isCompleted();
        return ownership;
    }

    private ClusterMonitor startMonitor() {
        Member process = cluster.process("monitor");
        ClusterMonitor monitor = ClusterMonitor.builder(process.client()).startSharing(process.link());
        cluster.advance(Duration.ofSeconds(11));
        return monitor;
    }
}
