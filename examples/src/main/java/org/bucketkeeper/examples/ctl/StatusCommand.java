package org.bucketkeeper.examples.ctl;

import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.bucketkeeper.monitor.ClusterOverview;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows how the cluster stands. */
@Command(name = "status", description = "Shows the nodes, who leads, and which buckets change hands.")
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Override
    public Integer call() throws InterruptedException {
        return options.run(cluster -> {
            ClusterOverview overview = cluster.overview();
            SortedMap<String, Duration> leases =
                    cluster.await(cluster.operator().leaseTimes());
            String where = cluster.connection().toString();
            return Answer.done(StatusText.of(where, overview, leases), StatusJson.of(overview, leases));
        });
    }
}
