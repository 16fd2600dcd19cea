package org.bucketkeeper.examples.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.examples.ctl.OperatedCluster.Result;
import org.bucketkeeper.monitor.BucketOverview;
import org.bucketkeeper.testing.EtcdServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

/** Every command of {@code ctl}, on a cluster with a real etcd. */
@Tag("once")
class CtlTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static EtcdServer etcd;

    private OperatedCluster cluster;

    @BeforeAll
    static void launchEtcd() {
        etcd = EtcdServer.launch();
    }

    @AfterAll
    static void closeEtcd() {
        etcd.close();
    }

    @BeforeEach
    void openCluster(@TempDir Path folder) throws Exception {
        cluster = new OperatedCluster(etcd, folder);
    }

    @AfterEach
    void endCluster() throws Exception {
        cluster.end();
    }

    @Test
    void statusShowsNodesAndWhoLeads() {
        cluster.startWith("a", "b");

        Result status = cluster.ctl("status");

        assertThat(status.exitCode()).as(status.err()).isZero();
        assertThat(status.out())
                .contains(
                        "Monitor    monitor-1 leads\n", "Buckets    256 served, 0 changing hands, 0 without a node\n");
        assertThat(status.lines())
                .contains("NODE  STATE  CAPACITY  ASSIGNED  HELD  LEASE  NODE URL")
                .anyMatch(line ->
                        line.matches("a     live        100       128   128   \\d\\d s  https://a.example.com/"));
    }

    @Test
    void statusIsToldToScripts() throws Exception {
        cluster.startWith("a", "b");

        Result status = cluster.ctl("status", "--json");

        assertThat(status.exitCode()).isZero();
        JsonNode json = onlyDocument(status);
        assertThat(json.path("leader").asText()).isEqualTo("monitor-1");
        assertThat(json.path("nodes")).hasSize(2);
        assertThat(json.at("/nodes/0/condition").asText()).isEqualTo("live");
        assertThat(json.at("/nodes/0/lease_left_s").asInt()).isBetween(1, 90);
        assertThat(json.path("buckets")).hasSize(256);
        assertThat(json.at("/buckets/255/bucket").asText()).isEqualTo("ff");
    }

    @Test
    void statusOfAnEmptyClusterSaysThatNobodyLeads() {
        Result status = cluster.ctl("status");

        assertThat(status.exitCode()).isZero();
        assertThat(status.out())
                .contains("none leads: nothing moves until one does", "256 without a node", "No node is registered.");
    }

    @Test
    void routeNamesTheNodeOfABase() throws Exception {
        cluster.startWith("a");

        Result route = cluster.ctl("route", "3F81D4FA-0000-4000-8000-000000000001", "--json");

        JsonNode json = onlyDocument(route);
        assertThat(route.exitCode()).isZero();
        assertThat(json.path("dtable_uuid").asText()).isEqualTo("3f81d4fa000040008000000000000001");
        assertThat(json.path("bucket").asText()).isEqualTo("3f");
        assertThat(json.path("node_url").asText()).isEqualTo("https://a.example.com/");
        assertThat(json.path("held_by").asText()).isEqualTo("a");
        assertThat(json.path("fencing_token").asLong()).isPositive();
    }

    @Test
    void routeFailsIfNobodyServesTheBase() {
        Result route = cluster.ctl("route", "3f81d4fa000040008000000000000001");

        assertThat(route.exitCode()).isEqualTo(1);
        assertThat(route.out()).contains("Bucket    3f\n", "Node      none\n", "Held by   nobody yet\n");
    }

    @Test
    void routeRefusesWhatIsNoUuid() {
        Result route = cluster.ctl("route", "3f81");

        assertThat(route.exitCode()).isEqualTo(2);
        assertThat(route.err()).contains("UUID must be 32 hex digits").contains("Try 'bucketkeeper ctl route --help'.");
    }

    @Test
    void aDryRunMovesNothingAndARebalanceDoesWhatItSaid() throws Exception {
        cluster.startWith("a");
        cluster.startServer("b");
        cluster.awaitOverview(overview -> overview.node("b") != null);

        Result dryRun = cluster.ctl("rebalance", "--dry-run", "--json");
        int afterDryRun = cluster.awaitOverview(overview -> true).assignment().count("b");
        Result rebalance = cluster.ctl("rebalance", "--json");
        cluster.awaitSettled();
        int afterRebalance =
                cluster.awaitOverview(overview -> true).assignment().count("b");

        assertThat(dryRun.exitCode()).isZero();
        assertThat(rebalance.exitCode()).isZero();
        assertThat(afterDryRun).isZero();
        assertThat(afterRebalance).isEqualTo(128);
        assertThat(onlyDocument(rebalance).path("moves"))
                .isEqualTo(onlyDocument(dryRun).path("moves"))
                .hasSize(128);
        assertThat(onlyDocument(rebalance).path("lower_bound").asInt()).isEqualTo(128);
    }

    @Test
    void aRebalanceSaysThatTheLoadIsEven() {
        cluster.startWith("a", "b");

        Result rebalance = cluster.ctl("rebalance");

        assertThat(rebalance).isEqualTo(new Result(0, "Nothing moves: the load is even already.\n", ""));
    }

    @Test
    void aPlanThatKeepsLeavesANewNodeWithoutBuckets() throws Exception {
        cluster.startWith("a");
        cluster.startServer("b");
        cluster.awaitOverview(overview -> overview.node("b") != null);

        Result keep = cluster.ctl("plan", "--mode", "keep", "--json");
        Result balance = cluster.ctl("plan");

        assertThat(onlyDocument(keep).path("total").asInt()).isZero();
        assertThat(balance.out()).startsWith("128 moves (lower bound 128), version 1 -> 2\n");
        assertThat(balance.lines()).contains("80      a     b   balance");
    }

    @Test
    void cordonAndUncordonSayWhatTheyChanged() {
        cluster.startWith("a", "b");

        assertThat(cluster.ctl("cordon", "a").out())
                .isEqualTo("a is cordoned: it keeps its buckets and gets no more.\n");
        assertThat(cluster.ctl("cordon", "a").out()).isEqualTo("a is cordoned already.\n");
        assertThat(cluster.ctl("status").out()).containsPattern("a +cordoned ");
        assertThat(cluster.ctl("uncordon", "a").out())
                .isEqualTo("a is no longer cordoned: it may get buckets again.\n");
        assertThat(cluster.ctl("uncordon", "a").out()).isEqualTo("a is not cordoned.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cordon", "uncordon", "drain", "undrain", "pin 3f"})
    void anUnknownNodeIsRefusedWithAListOfTheKnownOnes(String command) throws Exception {
        cluster.startWith("a", "b");
        List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
        arguments.addAll(List.of("c", "--json"));

        Result refusal = cluster.ctl(arguments.toArray(new String[0]));

        assertThat(refusal.exitCode()).isEqualTo(1);
        assertThat(refusal.err()).contains("there is no node \"c\"; the nodes are a, b");
        assertThat(onlyDocument(refusal).path("error").asText()).isEqualTo("refused");
        assertThat(cluster.awaitOverview(overview -> true).policy().draining()).isEmpty();
    }

    @Test
    void theWishesAboutANodeThatHasGoneCanBeTakenBack() {
        cluster.startWith("a");
        ClusterServer b = cluster.startServer("b");
        cluster.awaitOverview(overview -> overview.node("b") != null);
        cluster.ctl("cordon", "b");
        cluster.ctl("drain", "b");
        b.close();
        cluster.awaitOverview(overview -> overview.node("b") == null);

        Result uncordon = cluster.ctl("uncordon", "b");
        Result undrain = cluster.ctl("undrain", "b");

        assertThat(uncordon.exitCode()).isZero();
        assertThat(undrain.out()).isEqualTo("b is no longer draining: it may get buckets again.\n");
        assertThat(cluster.awaitOverview(
                                overview -> overview.policy().draining().isEmpty())
                        .policy()
                        .cordoned())
                .isEmpty();
    }

    @Test
    void aDrainEndsWhenTheNodeHoldsNothing() {
        cluster.startWith("a", "b");

        Result drain = cluster.ctl("drain", "a");

        assertThat(drain.exitCode()).isZero();
        assertThat(drain.lines()).endsWith("Draining a: 100 %", "a is empty: it may be stopped.");
        assertThat(cluster.awaitOverview(overview -> true).buckets()).noneMatch(bucket -> "a".equals(bucket.heldBy()));
    }

    @Test
    void aDrainThatHangsEndsInTimeAndStaysInForce() throws Exception {
        cluster.startServer("a", tenure -> new CompletableFuture<>());
        cluster.awaitOverview(overview -> overview.node("a") != null);
        cluster.startMonitor();
        cluster.awaitSettled();
        cluster.startServer("b");
        cluster.awaitOverview(overview -> overview.node("b") != null);

        Result drain = cluster.ctl("drain", "a", "--timeout", "2", "--json");

        JsonNode json = onlyDocument(drain);
        assertThat(drain.exitCode()).isEqualTo(4);
        assertThat(json.path("empty").asBoolean()).isFalse();
        assertThat(json.path("assigned").asInt()).isZero();
        assertThat(json.path("held").asInt()).isEqualTo(256);
        assertThat(cluster.awaitOverview(overview -> true).policy().draining()).containsExactly("a");
    }

    @Test
    void aDrainThatSomebodyTakesBackSaysSo() throws Exception {
        cluster.startServer("a", tenure -> new CompletableFuture<>());
        cluster.awaitOverview(overview -> overview.node("a") != null);
        cluster.startMonitor();
        cluster.awaitSettled();
        cluster.startServer("b");
        cluster.awaitOverview(overview -> overview.node("b") != null);
        CompletableFuture<Result> drain = CompletableFuture.supplyAsync(() -> cluster.ctl("drain", "a"));
        cluster.awaitOverview(overview -> overview.policy().draining().contains("a")
                && overview.node("a") != null
                && overview.node("a").assigned() == 0);

        cluster.ctl("undrain", "a");

        Result result = drain.get(30, TimeUnit.SECONDS);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("somebody took the drain of a back");
    }

    @Test
    void aDrainWithoutAnotherNodeIsRefusedUnlessNobodyWaits() {
        cluster.startWith("a");

        Result waiting = cluster.ctl("drain", "a");
        Result notWaiting = cluster.ctl("drain", "a", "--no-wait");

        assertThat(waiting.exitCode()).isEqualTo(1);
        assertThat(waiting.err()).contains("no other node may take the buckets of a");
        assertThat(notWaiting)
                .isEqualTo(new Result(0, "a is draining: it gives its buckets away and gets no more.\n", ""));
    }

    @Test
    void aPinMovesABucketAndAnUnpinLeavesItThere() {
        cluster.startWith("a", "b");
        String other = "a".equals(holder("3f")) ? "b" : "a";

        Result pin = cluster.ctl("pin", "3F", other);
        cluster.awaitOverview(
                overview -> other.equals(standing(overview.buckets(), "3f").heldBy()));
        Result unpin = cluster.ctl("unpin", "3f");
        Result again = cluster.ctl("unpin", "3f");

        assertThat(pin.out()).isEqualTo("Bucket 3f is pinned to " + other + ".\n");
        assertThat(unpin.out()).isEqualTo("Bucket 3f is no longer pinned to " + other + ".\n");
        assertThat(again.out()).isEqualTo("Bucket 3f is not pinned.\n");
        assertThat(holder("3f")).isEqualTo(other);
    }

    @Test
    void aBucketThatIsNoneIsRefused() {
        Result pin = cluster.ctl("pin", "xyz", "a");

        assertThat(pin.exitCode()).isEqualTo(2);
        assertThat(pin.err()).contains("must be two hex digits, 00 to ff, but is \"xyz\"");
    }

    @Test
    void aForcedReleaseEndsAHandOverThatHangs() {
        cluster.startServer("a", tenure -> new CompletableFuture<>());
        cluster.awaitOverview(overview -> overview.node("a") != null);
        cluster.startMonitor();
        cluster.awaitSettled();
        cluster.startServer("b");
        cluster.awaitOverview(overview -> overview.node("b") != null);
        cluster.ctl("pin", "3f", "b");
        BucketOverview hanging = standing(
                cluster.awaitOverview(
                                overview -> standing(overview.buckets(), "3f").isChangingHands())
                        .buckets(),
                "3f");

        Result wrongToken = cluster.ctl("release", "--force", "3f", String.valueOf(hanging.fencingToken() + 1));
        Result release = cluster.ctl("release", "--force", "3f", String.valueOf(hanging.fencingToken()));

        assertThat(wrongToken.exitCode()).isEqualTo(1);
        assertThat(wrongToken.err()).contains("bucket 3f is held by a with token " + hanging.fencingToken() + ", not ");
        assertThat(release.exitCode()).as(release.err()).isZero();
        assertThat(release.out()).isEqualTo("Bucket 3f was given up by a; what it had not saved is lost.\n");
        cluster.awaitOverview(
                overview -> "b".equals(standing(overview.buckets(), "3f").heldBy()));
    }

    @Test
    void aBucketThatIsNotOnItsWayIsNotReleased() {
        cluster.startWith("a");
        long token = standing(cluster.awaitOverview(overview -> true).buckets(), "3f")
                .fencingToken();

        Result release = cluster.ctl("release", "--force", "3f", String.valueOf(token));

        assertThat(release.exitCode()).isEqualTo(1);
        assertThat(release.err()).contains("bucket 3f is not being handed over");
    }

    @Test
    void aReleaseWantsToBeForced() {
        Result release = cluster.ctl("release", "3f", "1");

        assertThat(release.exitCode()).isEqualTo(2);
        assertThat(release.err()).contains("say --force if you mean it");
    }

    @Test
    void historyNamesTheOwnersInOrder() throws Exception {
        cluster.startWith("a", "b");
        String first = holder("3f");
        String second = "a".equals(first) ? "b" : "a";
        cluster.ctl("pin", "3f", second);
        cluster.awaitOverview(
                overview -> second.equals(standing(overview.buckets(), "3f").heldBy()));

        await(
                "the history to be written",
                () -> cluster.ctl("history", "3f").lines().size() == 3);
        Result history = cluster.ctl("history", "3f");
        JsonNode tenures = onlyDocument(cluster.ctl("history", "3f", "--json")).path("tenures");

        assertThat(history.lines().get(0)).matches("TOKEN +NODE +SINCE +UNTIL +LASTED");
        assertThat(tenures.findValuesAsText("node_id")).containsExactly(first, second);
        assertThat(tenures.at("/0/fencing_token").asLong())
                .isLessThan(tenures.at("/1/fencing_token").asLong());
        assertThat(tenures.at("/1/until").isNull()).isTrue();
    }

    @Test
    void watchTellsHandOversNodesAndWhoLeads() throws Exception {
        cluster.startWith("a");
        StringWriter out = new StringWriter();
        Thread watching = new Thread(() -> cluster.execute(out, new StringWriter(), "watch"), "watch");
        watching.start();
        try {
            await("watch to begin", () -> out.toString().contains("watching"));

            cluster.startServer("b");
            await("the node", () -> out.toString().contains("node came"));
            cluster.ctl("rebalance");

            await("the hand-over", () -> out.toString().contains("hand over done"));
            assertThat(out.toString())
                    .containsPattern("\\d\\d:\\d\\d:\\d\\d  node came           b is live\n")
                    .contains("hand over begun     a -> b (balance): 128 buckets [80..ff]\n");
        } finally {
            watching.interrupt();
            watching.join();
        }
    }

    @Test
    void watchTellsScriptsOneDocumentALine() throws Exception {
        cluster.startWith("a");

        Result watch = cluster.ctl("watch", "--json", "--seconds", "1");

        assertThat(watch.exitCode()).isZero();
        List<String> kinds = new ArrayList<>();
        for (String line : watch.lines()) {
            kinds.add(JSON.readTree(line).path("change").asText());
        }
        assertThat(kinds).startsWith("watching").endsWith("watch_ended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "rebalance", "watch", "cordon a", "history 3f"})
    void anEtcdOutOfReachIsSaidWithinTheRequestTimeout(String command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of(("ctl " + command).split(" ", -1)));
        arguments.addAll(List.of("--etcd", "127.0.0.1:1"));
        long start = System.nanoTime();

        int exitCode = OperatedCluster.run(out, err, Ansi.OFF, arguments.toArray(new String[0]));

        assertThat(exitCode).isEqualTo(3);
        assertThat(err.toString())
                .startsWith("bucketkeeper ctl " + arguments.get(1) + ": cannot reach etcd 127.0.0.1:1 within 5 s;");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ctl",
                "ctl status",
                "ctl route",
                "ctl plan",
                "ctl rebalance",
                "ctl cordon",
                "ctl uncordon",
                "ctl drain",
                "ctl undrain",
                "ctl pin",
                "ctl unpin",
                "ctl release",
                "ctl watch",
                "ctl history"
            })
    void explainsItselfAndItsExitCodes(String command) {
        StringWriter out = new StringWriter();

        int exitCode = OperatedCluster.run(out, new StringWriter(), Ansi.OFF, (command + " --help").split(" ", -1));

        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .startsWith("Usage: bucketkeeper " + command + " ")
                .contains("3   the store, the monitor or an owner did not answer");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    private String holder(String bucket) {
        return String.valueOf(standing(cluster.awaitOverview(overview -> true).buckets(), bucket)
                .heldBy());
    }

    private static BucketOverview standing(List<BucketOverview> buckets, String bucket) {
        return buckets.get(Bucket.parse(bucket).index());
    }

    private static JsonNode onlyDocument(Result result) throws Exception {
        assertThat(result.lines()).as(result.err()).hasSize(1);
        return JSON.readTree(result.out());
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still waiting for " + what).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
