package org.bucketkeeper.examples.deployment;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.bucketkeeper.examples.load.HistoryChecker;
import org.bucketkeeper.testing.EtcdCluster;
import org.bucketkeeper.testing.TcpRelay;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The whole deployment in real processes, under load, and what operators and disasters do to it. Each run keeps a history
 * of every request and its outcome under target/deployment, which the checker judges.
 */
@Tag("once")
class DeploymentIT extends DeploymentTests {

    @Override
    StoreServers launchStore() {
        return EtcdServers.launch();
    }

    @Override
    String suffix() {
        return "";
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
        EtcdServers etcd = EtcdServers.launch();
        try (Deployment deployment = Deployment.start(etcd, "cut-off", folder, Deployment.TTL)) {
            List<TcpRelay> relays = new ArrayList<>();
            for (String endpoint : etcd.endpoints()) {
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
        EtcdServers servers = EtcdServers.launch();
        try (Deployment deployment = Deployment.start(servers, "etcd", folder, Duration.ofSeconds(30))) {
            startServers(deployment);
            Map<Bucket, String> before = deployment.holders();
            deployment.moves().reset();
            EtcdCluster etcd = servers.cluster();
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
}
