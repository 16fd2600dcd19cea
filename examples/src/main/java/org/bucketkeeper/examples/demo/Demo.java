package org.bucketkeeper.examples.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.monitor.RebalanceOutcome;
import org.bucketkeeper.routing.BucketRouter;

/**
 * The story: a cluster starts, loses a node, lets one go, gets a new one and is evened out. Every step shows the table
 * and checks what it shows.
 */
final class Demo {

    private static final long SEED = 256;

    private final DemoCluster cluster;
    private final DemoScreen screen;
    private final List<String> firstNodes = new ArrayList<>();
    private final List<SampleBase> samples = new ArrayList<>();
    private Assignment table = Assignment.unassigned();

    /** @param nodes how many nodes to begin with; at least 3, so that one is left after two are gone */
    Demo(DemoCluster cluster, DemoScreen screen, int nodes) {
        this.cluster = cluster;
        this.screen = screen;
        for (int number = 1; number <= nodes; number++) {
            firstNodes.add(nodeId(number));
        }
    }

    private static List<String> sorted(List<String> nodeIds) {
        return nodeIds.stream().sorted().toList();
    }

    private static String nodeId(int number) {
        return String.format(Locale.ROOT, "dtable-server-%02d", number);
    }

    /** Plays the story and returns whether all checks held. */
    boolean play() throws InterruptedException {
        String dying = firstNodes.get(1);
        String leaving = firstNodes.get(2);
        String joining = nodeId(firstNodes.size() + 1);
        startCold();
        loseByExpiry(dying);
        leaveInOrder(leaving);
        join(joining);
        rebalance();
        return screen.verdict();
    }

    private void startCold() throws InterruptedException {
        screen.step(1, "Cold start");
        screen.text(firstNodes.size() + " nodes register. The monitor waits "
                + DemoCluster.SETTLE_WINDOW.toSeconds()
                + " s for more, so that the first one up does not get everything, and then assigns all 256 buckets.");
        cluster.startMonitor();
        cluster.start(firstNodes);
        Waiting.until(
                "the first table is there", () -> cluster.router().assignment().version() > 0);
        Assignment before = nextTable();
        for (String nodeId : firstNodes.subList(0, 3)) {
            samples.add(SampleBase.servedBy(nodeId, table, new SplittableRandom(SEED)));
        }
        screen.picture(table, BucketSet.EMPTY, firstNodes);
        showRoutes();
        screen.check(TableChecks.written(1, before, table));
        screen.check(TableChecks.evenlySpread(table, cluster.live()));
        checkServedAndRouted();
    }

    private void loseByExpiry(String dying) throws InterruptedException {
        screen.step(2, "A node dies");
        screen.text(dying + " is cut off without a word. Its lease of "
                + DemoCluster.SESSION_TTL.toSeconds()
                + " s runs out, its registration vanishes, and the monitor hands its buckets, and only"
                + " these, to the others.");
        BucketSet orphans = table.bucketsOf(dying);
        long start = System.nanoTime();
        cluster.kill(dying);
        awaitNoBucketsOn(dying);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Assignment before = nextTable();
        List<String> shown = new ArrayList<>(cluster.live());
        shown.add(dying);
        screen.picture(table, table.differenceTo(before), sorted(shown));
        showRoutes();
        screen.text(String.format(Locale.ROOT, "Served again %.1f s after the death.", took.toMillis() / 1000.0));
        screen.check(TableChecks.written(1, before, table));
        screen.check(TableChecks.onlyMoved(orphans, "the dead node's buckets", before, table));
        screen.check(TableChecks.evenlySpread(table, cluster.live()));
        checkServedAndRouted();
    }

    private void leaveInOrder(String leaving) throws InterruptedException {
        screen.step(3, "A node leaves in order");
        screen.text(leaving + " is stopped while users write. It asks for its buckets to be moved, lets the application"
                + " unload each before the next owner may have it, and only then gives its registration back: nobody"
                + " waits for a lease, no request fails, no write is lost.");
        BucketSet left = table.bucketsOf(leaving);
        DemoWriters writers = new DemoWriters(cluster);
        Waiting.until("users write", () -> writers.acknowledged() > 0);
        cluster.leave(leaving);
        cluster.awaitOwned();
        List<Check> seenByUsers = writers.stop();
        Assignment before = nextTable();
        List<String> shown = new ArrayList<>(cluster.live());
        shown.add(leaving);
        screen.picture(table, table.differenceTo(before), sorted(shown));
        showRoutes();
        screen.check(TableChecks.written(1, before, table));
        screen.check(TableChecks.onlyMoved(left, "the leaving node's buckets", before, table));
        seenByUsers.forEach(screen::check);
        checkServedAndRouted();
    }

    private void join(String joining) throws InterruptedException {
        screen.step(4, "A node joins");
        screen.text(joining + " registers. Every bucket has an owner, so nothing moves: moving a bucket disturbs"
                + " its users, and when to do that is the operator's choice.");
        cluster.start(List.of(joining));
        RebalancePlan plan = Waiting.forResult("the plan", cluster.operator().plan(RebalanceMode.KEEP));
        Assignment before = nextTable();
        screen.picture(table, BucketSet.EMPTY, cluster.live());
        showRoutes();
        screen.check(Check.of("the monitor has nothing to do", plan.isEmpty(), "it would do " + plan));
        screen.check(TableChecks.onlyMoved(BucketSet.EMPTY, "", before, table));
        checkServedAndRouted();
    }

    private void rebalance() throws InterruptedException {
        screen.step(5, "Rebalance");
        screen.text("The operator asks what a rebalance would do, and then for it, while users write.");
        RebalancePlan plan = Waiting.forResult("the plan", cluster.operator().plan(RebalanceMode.BALANCE));
        screen.plan(plan);
        DemoWriters writers = new DemoWriters(cluster);
        RebalanceOutcome outcome =
                Waiting.forResult("the rebalance", cluster.operator().rebalance());
        Waiting.until(
                "the new table is heard of", () -> cluster.router().assignment().version() > table.version());
        cluster.awaitOwned();
        List<Check> seenByUsers = writers.stop();
        Assignment before = nextTable();
        screen.picture(table, table.differenceTo(before), cluster.live());
        showRoutes();
        screen.check(TableChecks.written(1, before, table));
        screen.check(TableChecks.fewestMoves(plan));
        TableChecks.planWasKept(plan, outcome, table).forEach(screen::check);
        screen.check(TableChecks.evenlySpread(table, cluster.live()));
        seenByUsers.forEach(screen::check);
        checkServedAndRouted();
    }

    private void awaitNoBucketsOn(String nodeId) throws InterruptedException {
        Waiting.until(
                "the buckets of " + nodeId + " have moved",
                () -> cluster.router().assignment().count(nodeId) == 0);
    }

    /** Reads the table that now stands in the store, and returns the one before. */
    private Assignment nextTable() throws InterruptedException {
        Assignment before = table;
        table = cluster.storedAssignment();
        for (BucketRouter router : cluster.routers()) {
            Waiting.until(
                    "every process has heard of the table",
                    () -> router.assignment().revision() >= table.revision());
        }
        return before;
    }

    private void showRoutes() {
        for (SampleBase base : samples) {
            screen.route(base, cluster.router().route(base.uuid()).node().nodeId());
        }
        screen.line("");
    }

    private void checkServedAndRouted() {
        screen.check(TableChecks.everyBucketHasALiveOwner(table, cluster.live()));
        screen.check(TableChecks.routesAgree(table, cluster.routers()));
        screen.check(Check.of(
                "the bases route alike dashed, undashed and in capitals",
                samples.stream().allMatch(base -> base.everyFormRoutesAlike(cluster.router())),
                "they do not: " + samples));
    }
}
