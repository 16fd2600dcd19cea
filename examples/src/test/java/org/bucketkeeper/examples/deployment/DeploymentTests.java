package org.bucketkeeper.examples.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.bucketkeeper.examples.load.BaseClient;
import org.bucketkeeper.examples.load.BaseClient.Outcome;
import org.bucketkeeper.examples.load.History;
import org.bucketkeeper.examples.load.HistoryChecker;
import org.bucketkeeper.examples.load.LoadGenerator;
import org.bucketkeeper.examples.load.LoadSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has to hold on every store, with processes and load; and the words in which more such tests are written. */
abstract class DeploymentTests {

    static final String ONE = "dtable-server-01";
    static final String TWO = "dtable-server-02";
    static final String THREE = "dtable-server-03";
    static final Duration LOAD_A_WHILE = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    /** Starts the store that the deployment is to run on. */
    abstract StoreServers launchStore();

    /** Returns what the logs of the tests that run on every store are told apart by. */
    abstract String suffix();

    /** Every server is drained, stopped and started in turn while users work. */
    @Test
    void aRollingRestartFailsNoRequestAndLosesNoRow() throws Exception {
        try (Deployment deployment = startThree("rolling-restart" + suffix())) {
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
        try (Deployment deployment = startThree("crash" + suffix())) {
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

    record Load(LoadGenerator load, History history) {}

    interface Scenario {
        void play(Load load) throws Exception;
    }

    static HistoryChecker.Verdict underLoad(Deployment deployment, Scenario scenario) throws Exception {
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

    final Deployment startThree(String name) throws Exception {
        Deployment deployment = Deployment.start(launchStore(), name, folder, Deployment.TTL);
        startServers(deployment);
        return deployment;
    }

    static void startServers(Deployment deployment) throws Exception {
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

    static Outcome append(BaseClient client, String name, String base) {
        try {
            return client.append(name, base);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.UNKNOWN;
        }
    }
}
