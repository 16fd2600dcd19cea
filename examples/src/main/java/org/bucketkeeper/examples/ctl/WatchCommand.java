package org.bucketkeeper.examples.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.monitor.ClusterOverview;
import org.bucketkeeper.routing.StoreHealth;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Follows what happens in the cluster. */
@Command(
        name = "watch",
        description = {
            "Follows the cluster until it is interrupted: one line for each change of leader, nodes, wishes, table and"
                    + " claims.",
            "",
            "Buckets that did the same at once are told together. With --json each line is a document of its own."
        })
final class WatchCommand implements Callable<Integer> {

    private static final long HEALTH_CHECK_MILLIS = 500;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Clock clock = Clock.systemUTC();

    @Mixin
    private CtlOptions options = new CtlOptions();

    @Option(names = "--seconds", paramLabel = "N", description = "End after so many seconds, with exit code 0.")
    private @Nullable Long seconds;

    @Override
    public Integer call() throws InterruptedException {
        return options.run(this::follow);
    }

    private Answer follow(CtlCluster cluster, Screen screen) throws InterruptedException {
        LinkedBlockingQueue<ClusterOverview> news = new LinkedBlockingQueue<>();
        ClusterOverview known = cluster.overview();
        cluster.operator().addListener(news::add);
        tell(screen, known, begun(cluster, known));
        StoreHealth health = StoreHealth.CONNECTED;
        long start = System.nanoTime();
        while (seconds == null || System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
            ClusterOverview next = news.poll(HEALTH_CHECK_MILLIS, TimeUnit.MILLISECONDS);
            StoreHealth healthNow = cluster.routerStatus().health();
            if (healthNow != health) {
                health = healthNow;
                tell(screen, known, storeChanged(cluster, healthNow));
            }
            if (next != null && next.revision() > known.revision()) {
                for (ClusterChange change : ClusterChanges.between(known, next)) {
                    tell(screen, next, change);
                }
                known = next;
            }
        }
        return ended(known);
    }

    private static ClusterChange begun(CtlCluster cluster, ClusterOverview overview) {
        String leader = overview.leader();
        return new ClusterChange(
                "watching",
                cluster.connection() + ", " + Text.count(overview.nodes().size(), "node", "nodes") + ", "
                        + (leader == null ? "no monitor leads" : leader + " leads"),
                CtlJson.object().put("prefix", overview.prefix()).put("leader", leader));
    }

    private static ClusterChange storeChanged(CtlCluster cluster, StoreHealth health) {
        String store = cluster.connection().storeName();
        return health == StoreHealth.CONNECTED
                ? new ClusterChange("store_back", store, CtlJson.object())
                : new ClusterChange("store_out_of_reach", "cannot reach " + store + ", trying on", CtlJson.object());
    }

    private static Answer ended(ClusterOverview last) {
        return Answer.done(
                "Watched until revision " + last.revision() + ".",
                CtlJson.object().put("change", "watch_ended").put("revision", last.revision()));
    }

    private void tell(Screen screen, ClusterOverview overview, ClusterChange change) {
        Instant now = clock.instant();
        String label = String.format(Locale.ROOT, "%-18s", change.name().replace('_', ' '));
        ObjectNode json = CtlJson.object()
                .put("at", now.toString())
                .put("revision", overview.revision())
                .put("change", change.name());
        json.setAll(change.details());
        screen.show(
                TIME.format(now.atZone(ZoneId.systemDefault())) + "  @|bold " + label + "|@  " + change.text(), json);
    }
}
