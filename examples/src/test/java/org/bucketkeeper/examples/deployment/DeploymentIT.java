package org.bucketkeeper.examples.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.examples.load.BaseClient;
import org.bucketkeeper.examples.load.BaseClient.Outcome;
import org.bucketkeeper.examples.load.History;
import org.bucketkeeper.examples.load.HistoryChecker;
import org.bucketkeeper.examples.load.LoadGenerator;
import org.bucketkeeper.examples.load.LoadSettings;
import org.bucketkeeper.testing.EtcdCluster;
import org.bucketkeeper.testing.TcpRelay;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole deployment in real processes, under load, and what operators and disasters do to it. Each run keeps a history
 * of every request and its outcome under target/deployment, which the checker judges.
 */
@Tag("once")
class DeploymentIT {

    private static final String ONE = "dtable-server-01";
    private static final String TWO = "dtable-server-02";
    private static final String THREE = "dtable-server-03";
    private static final Duration LOAD_A_WHILE = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    /** Every server is drained, stopped and started in turn while users work. */
    @Test
    void aRollingRestartFailsNoRequestAndLosesNoRow() throws Exception {
        try (Deployment deployment = startThree("rolling-restart")) {
            deployment.moves().reset();
            HistoryChecker.Verdict verdict = underLoad(deployment, load -> {
                for (String node : List.of(ONE, TWO, THREE)) {
                    deployment.drain(node);
                    deployment.awaitEmpty(node);
                    deployment.process(node).stop();
                    deployment.startServer(node);
                    deployment.undrain(node);
                    deployment.awaitServing(ONE, TWO, THREE);
                    deployment
                            .client()
                            .operator()
                            .rebalance()
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS);
                    deployment.awaitServing(ONE, TWO, THREE);
                }
            });

            assertThat(verdict.violations()).isEmpty();
            assertThat(verdict.summary().failed()).isZero();
            assertThat(deployment.moves().moved()).isEqualTo(deployment.moves().planned());
            assertThat(deployment.moves().planned()).isLessThanOrEqualTo(6 * 86);
        }
    }

    /** One server dies without a word. */
    @Test
    void aCrashLosesNothingAndConcernsNobodyElse() throws Exception {
        try (Deployment deployment = startThree("crash")) {
            List<String> lost = new ArrayList<>();
            AtomicLong answered = new AtomicLong();
            HistoryChecker.Verdict verdict = underLoad(deployment, load -> {
                lost.addAll(deployment.basesOf(TWO, load.load().bases()));
                assertThat(lost).isNotEmpty();
                long killed = System.nanoTime();
                deployment.process(TWO).kill();
                answered.set(probeAll(deployment, load.history(), lost) - killed);
                deployment.awaitServing(ONE, THREE);
            });

            assertThat(Duration.ofNanos(answered.get()))
                    .as("until all lost buckets answer again")
                    .isLessThan(Deployment.TTL.plusSeconds(2));
            assertThat(verdict.violations()).allSatisfy(violation -> {
                assertThat(violation.rule()).isEqualTo(HistoryChecker.Rule.FAILED_REQUEST);
                assertThat(lost).anyMatch(violation.message()::contains);
            });
        }
    }

    /** A server is paused for longer than its lease lasts, and wakes up when others have taken over. */
    @Test
    void aServerThatSleptTooLongWritesNothing() throws Exception {
        try (Deployment deployment = startThree("pause")) {
            List<CompletableFuture<Outcome>> asked = new ArrayList<>();
            ExecutorService askers = Executors.newCachedThreadPool();
            HistoryChecker.Verdict verdict = underLoad(deployment, load -> {
                List<String> bases = deployment.basesOf(TWO, load.load().bases());
                deployment.process(TWO).signal("STOP");
                deployment.awaitServing(ONE, THREE);
                load.history().mark("forbidden", Map.of("node", TWO));
                BaseClient direct = new BaseClient(
                        deployment.http(), deployment.url(TWO), TWO, load.history(), Duration.ofSeconds(30));
                for (String base : bases) {
                    asked.add(CompletableFuture.supplyAsync(() -> append(direct, "direct-" + base, base), askers));
                }
                // They wait in the sleeper's sockets.
                Thread.sleep(500);
                assertThat(asked).noneMatch(CompletableFuture::isDone);
                deployment.process(TWO).signal("CONT");
                for (CompletableFuture<Outcome> outcome : asked) {
                    assertThat(outcome.get(40, TimeUnit.SECONDS)).isNotEqualTo(Outcome.DONE);
                }
            });
            askers.shutdownNow();

            assertThat(asked).isNotEmpty();
            assertThat(verdict.violations())
                    .extracting(HistoryChecker.Violation::rule)
                    .containsOnly(HistoryChecker.Rule.FAILED_REQUEST);
        }
    }

    /** A server loses etcd, while its clients still reach it. */
    @Test
    void aServerThatIsCutOffStopsBeforeTheNextOwnerStarts() throws Exception {
        try (Deployment deployment = Deployment.start("cut-off", folder)) {
            List<TcpRelay> relays = new ArrayList<>();
            for (String endpoint : deployment.etcd().endpoints()) {
                relays.add(TcpRelay.to(endpoint));
            }
            deployment.startServer(ONE);
            deployment.startServer(TWO, relays.stream().map(TcpRelay::endpoint).toList());
            deployment.startServer(THREE);
            deployment.awaitServing(ONE, TWO, THREE);
            AtomicLong lastAccepted = new AtomicLong();
            AtomicLong taken = new AtomicLong();
            HistoryChecker.Verdict verdict = underLoad(deployment, load -> {
                String base = deployment.basesOf(TWO, load.load().bases()).get(0);
                Bucket bucket = Bucket.of(base);
                deployment.client().operator().addListener(overview -> {
                    String holder = overview.buckets().get(bucket.index()).heldBy();
                    if (holder != null && !holder.equals(TWO)) {
                        taken.compareAndSet(0, System.nanoTime());
                    }
                });
                BaseClient direct = new BaseClient(
                        deployment.http(), deployment.url(TWO), TWO, load.history(), Duration.ofSeconds(30));
                relays.forEach(TcpRelay::blackhole);
                int accepted = 0;
                while (taken.get() == 0) {
                    if (append(direct, "direct", base) == Outcome.DONE) {
                        lastAccepted.set(System.nanoTime());
                        accepted++;
                    }
                    Thread.sleep(20);
                }
                assertThat(accepted).as("requests served while cut off").isPositive();
                assertThat(append(direct, "direct", base)).isNotEqualTo(Outcome.DONE);
                deployment.awaitServing(ONE, THREE);
                load.history().mark("forbidden", Map.of("node", TWO));
                assertThat(append(direct, "direct", base)).isNotEqualTo(Outcome.DONE);
            });
            relays.forEach(TcpRelay::close);

            assertThat(taken.get() - lastAccepted.get())
                    .as("nanoseconds from the last row that was accepted to the next owner")
                    .isPositive();
            assertThat(verdict.violations())
                    .extracting(HistoryChecker.Violation::rule)
                    .containsOnly(HistoryChecker.Rule.FAILED_REQUEST);
        }
    }

    /** Members of etcd, its leader and all of it go and come back in time. */
    @Test
    void nothingChangesHandsWhenEtcdComesBackInTime() throws Exception {
        try (Deployment deployment = Deployment.start("etcd", folder, Duration.ofSeconds(30))) {
            startServers(deployment);
            Map<Bucket, String> before = deployment.holders();
            deployment.moves().reset();
            EtcdCluster etcd = deployment.etcd();
            HistoryChecker.Verdict verdict = underLoad(deployment, load -> {
                int member = (etcd.leader() + 1) % EtcdCluster.SIZE;
                etcd.kill(member);
                Thread.sleep(LOAD_A_WHILE.toMillis());
                etcd.start(member);
                int leader = etcd.leader();
                etcd.kill(leader);
                Thread.sleep(LOAD_A_WHILE.toMillis());
                etcd.start(leader);
                etcd.killAll();
                Thread.sleep(LOAD_A_WHILE.toMillis());
                etcd.startAll();
                Deployment.await("etcd answers", () -> deployment.holders().equals(before));
                Thread.sleep(LOAD_A_WHILE.toMillis());
            });

            assertThat(verdict.violations()).isEmpty();
            assertThat(deployment.holders()).isEqualTo(before);
            assertThat(deployment.moves().planned()).isZero();
        }
    }

    private record Load(LoadGenerator load, History history) {}

    private interface Scenario {
        void play(Load load) throws Exception;
    }

    private static HistoryChecker.Verdict underLoad(Deployment deployment, Scenario scenario) throws Exception {
        Path file = deployment.history();
        try (History history = History.create(file);
                LoadGenerator load = LoadGenerator.start(deployment.proxy(), LoadSettings.DEFAULT, history)) {
            Thread.sleep(LOAD_A_WHILE.toMillis());
            scenario.play(new Load(load, history));
            Thread.sleep(LOAD_A_WHILE.toMillis());
            load.finish();
        }
        HistoryChecker.Verdict verdict = HistoryChecker.check(file);
        System.out.println(file + ": " + verdict.summary());
        assertThat(verdict.summary().acknowledgedRows()).isGreaterThan(100);
        return verdict;
    }

    private Deployment startThree(String name) throws Exception {
        Deployment deployment = Deployment.start(name, folder);
        startServers(deployment);
        return deployment;
    }

    private static void startServers(Deployment deployment) throws Exception {
        for (String node : List.of(ONE, TWO, THREE)) {
            deployment.startServer(node);
        }
        deployment.awaitServing(ONE, TWO, THREE);
    }

    /** Asks for every base at once, and returns when the last one has answered. */
    private static long probeAll(Deployment deployment, History history, List<String> bases) throws Exception {
        ExecutorService probes = Executors.newCachedThreadPool();
        BaseClient client =
                new BaseClient(deployment.http(), deployment.proxy(), null, history, Duration.ofSeconds(30));
        List<CompletableFuture<Long>> answers = bases.stream()
                .map(base -> CompletableFuture.supplyAsync(
                        () -> {
                            while (append(client, "probe-" + base, base) != Outcome.DONE) {
                                Thread.onSpinWait();
                            }
                            return System.nanoTime();
                        },
                        probes))
                .toList();
        long last = 0;
        for (CompletableFuture<Long> answer : answers) {
            last = Math.max(last, answer.get(60, TimeUnit.SECONDS));
        }
        probes.shutdownNow();
        return last;
    }

    private static Outcome append(BaseClient client, String name, String base) {
        try {
            return client.append(name, base);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.UNKNOWN;
        }
    }
}
