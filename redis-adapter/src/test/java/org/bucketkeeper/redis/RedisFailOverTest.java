package org.bucketkeeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.bucketkeeper.testing.Eventually.get;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.testing.Eventually;
import org.bucketkeeper.testing.RedisCluster;
import org.bucketkeeper.testing.RedisReplication;
import org.bucketkeeper.testing.RedisSentinels;
import org.bucketkeeper.testing.RedisServer;
import org.bucketkeeper.testing.RedisSetup;
import org.bucketkeeper.testing.WatchRecorder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several servers: the store is where the primary is, and what a new primary never got does not come back to harm. */
@Tag("once")
class RedisFailOverTest {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

    @Test
    void aReplicaThatMissedTheLastWritesGivesNoRevisionOutAgain() {
        try (RedisReplication servers = RedisReplication.launch(RedisSetup.standard(), 1);
                RedisStore store = store(servers)) {
            committed(store, put("kept"));
            Lease known = get(store.grantLease(Duration.ofSeconds(60)));
            servers.awaitInSync();
            servers.disconnect(servers.replicas().get(0));
            long lostToken = committed(store, put("lost"));
            Lease lostLease = get(store.grantLease(Duration.ofSeconds(60)));
            Snapshot before = get(store.read(""));
            WatchRecorder recorder = new WatchRecorder();
            store.watch("", before.revision() + 1, recorder);

            servers.primary().kill();
            servers.promote(servers.replicas().get(0));

            Snapshot after = awaitRead(store);
            assertThat(after.entries()).extracting(Entry::key).containsExactly("kept");
            assertThat(after.storeIdentity()).isEqualTo(before.storeIdentity());
            assertThat(after.revision()).isGreaterThan(lostToken);
            assertThat(committed(store, put("lost"))).isGreaterThan(lostToken);
            assertThat(recorder.awaitEnd()).isNotNull();
            assertThat(get(store.keepAlive(known.id()))).isInstanceOf(KeepAliveResult.Renewed.class);
            assertThat(get(store.keepAlive(lostLease.id()))).isEqualTo(new KeepAliveResult.Expired());
        }
    }

    @Test
    void aServerThatIsPromotedUnderAnOpenConnectionIsNoticed() {
        try (RedisReplication servers = RedisReplication.launch(RedisSetup.standard(), 1);
                RedisStore store = RedisStore.builder()
                        .endpoints(servers.replicas().get(0).endpoints())
                        .requestTimeout(REQUEST_TIMEOUT)
                        .build();
                RedisStore writer = RedisStore.builder()
                        .endpoints(servers.primary().endpoints())
                        .build()) {
            long revision = committed(writer, put("k"));
            servers.awaitInSync();
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> get(store.read("")))
                    .withMessageContaining("replica");

            servers.promote(servers.replicas().get(0));

            assertThat(awaitRead(store).revision()).isGreaterThan(revision);
        }
    }

    @Test
    void aPrimaryThatBecomesAReplicaIsLeftForTheOther() {
        try (RedisReplication servers = RedisReplication.launch(RedisSetup.standard(), 1);
                RedisStore store = store(servers)) {
            committed(store, put("k"));
            servers.awaitInSync();
            RedisServer former = servers.primary();
            RedisServer replica = servers.replicas().get(0);
            String[] address = replica.endpoints().get(0).split(":", 2);

            servers.promote(replica);
            former.command("REPLICAOF", address[0], address[1]);

            awaitRead(store);
            long revision = committed(store, put("new"));
            assertThat(replica.command("HGET", Redis.key("meta"), "revision")).isEqualTo(Long.toString(revision));
        }
    }

    /** Two servers that both take themselves for the primary: the one that was cut off does not take commands any more. */
    @Test
    void aWatchDoesNotStayWithAServerThatIsNoLongerReadFrom() {
        try (RedisReplication servers = RedisReplication.launch(RedisSetup.standard(), 1);
                Redis former = Redis.of(servers.primary());
                RedisStore store = store(servers)) {
            WatchRecorder recorder = new WatchRecorder();
            store.watch("", committed(store, put("k")) + 1, recorder);
            Eventually.until("the watch waits for changes", former::hasClientThatWaits);
            servers.awaitInSync();
            servers.promote(servers.replicas().get(0));

            former.commands().configSet("maxclients", "1");
            former.cutClientsThatRunScripts();

            awaitRead(store);
            assertThat(recorder.awaitEnd()).isNotNull();
        }
    }

    @Test
    void aNewWatchIsNotServedByAnotherServerThanTheOneThatIsReadFrom() {
        try (RedisReplication servers = RedisReplication.launch(RedisSetup.standard(), 1);
                Redis former = Redis.of(servers.primary());
                RedisStore store = store(servers)) {
            committed(store, put("k"));
            servers.awaitInSync();
            servers.promote(servers.replicas().get(0));
            former.commands().configSet("maxclients", "1");
            former.cutClientsThatRunScripts();
            long revision = awaitRead(store).revision();
            servers.replicas().get(0).command("CONFIG", "SET", "maxclients", "1");
            former.commands().configSet("maxclients", "100");
            WatchRecorder recorder = new WatchRecorder();

            store.watch("", revision + 1, recorder);

            assertThat(recorder.awaitEnd()).isNotNull();
        }
    }

    /** Before version 7 Redis itself does not hold scripts to it. */
    @Test
    void aPrimaryThatLostTheReplicasItNeedsAnswersNothing() {
        RedisSetup setup =
                RedisSetup.standard().directive("min-replicas-to-write", "1").directive("min-replicas-max-lag", "1");
        try (RedisReplication servers = RedisReplication.launch(setup, 1);
                RedisStore store = RedisStore.builder()
                        .endpoints(servers.primary().endpoints())
                        .requestTimeout(REQUEST_TIMEOUT)
                        .build()) {
            Eventually.until("the replica counts", () -> canRead(store));
            Lease lease = get(store.grantLease(Duration.ofSeconds(60)));

            servers.replicas().get(0).kill();
            Eventually.until("the replica counts no more", () -> !canRead(store));

            assertThat(get(store.commit(put("k")))).isInstanceOf(CommitResult.Unknown.class);
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> get(store.keepAlive(lease.id())))
                    .withMessageContaining("NOREPLICAS");
        }
    }

    @Test
    void aWatchIsOpenedThoughTheFirstServerHangs() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RedisServer server = RedisServer.launch(RedisSetup.standard());
                RedisStore store = RedisStore.builder()
                        .endpoints("127.0.0.1:" + silent.getLocalPort())
                        .endpoints(server.endpoints())
                        .requestTimeout(Duration.ofSeconds(1))
                        .build()) {
            Snapshot read = awaitRead(store);
            WatchRecorder recorder = new WatchRecorder();

            store.watch("", read.revision() + 1, recorder);

            committed(store, put("k"));
            recorder.awaitKeys(1);
        }
    }

    @Test
    void whatWasGivenUpWhileAConnectionWasWaitedForIsNotSentAfterwards() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RedisServer server = RedisServer.launch(RedisSetup.standard());
                RedisStore store = RedisStore.builder()
                        .endpoints("127.0.0.1:" + silent.getLocalPort(), "127.0.0.1:" + silent.getLocalPort())
                        .endpoints(server.endpoints())
                        .requestTimeout(Duration.ofSeconds(1))
                        .build()) {
            assertThat(get(store.commit(put("late")))).isInstanceOf(CommitResult.Unknown.class);

            assertThat(awaitRead(store).entries()).isEmpty();
        }
    }

    @Test
    void sentinelsLeadToTheNewPrimary() {
        try (RedisSentinels sentinels = RedisSentinels.launch(RedisSetup.standard());
                RedisStore store = RedisStore.builder()
                        .sentinels(sentinels.masterName(), sentinels.endpoints().toArray(String[]::new))
                        .requestTimeout(REQUEST_TIMEOUT)
                        .build()) {
            long revision = committed(store, put("k"));
            RedisServer lost = sentinels.primary();

            lost.kill();
            sentinels.awaitFailover(lost);

            assertThat(awaitRead(store).revision()).isGreaterThan(revision);
            assertThat(committed(store, put("new"))).isGreaterThan(revision);
        }
    }

    @Test
    void anyServerOfARedisClusterLeadsToTheOneThatHasTheKeys() {
        try (RedisCluster cluster = RedisCluster.launch(RedisSetup.standard())) {
            for (String endpoint : cluster.endpoints()) {
                try (RedisStore store = RedisStore.builder().endpoints(endpoint).build()) {
                    committed(store, put("by " + endpoint));
                }
            }

            RedisServer owner = cluster.nodeOf(Redis.key("meta"));
            assertThat(owner.command("HLEN", Redis.key("entries"))).isEqualTo("3");
        }
    }

    private static RedisStore store(RedisReplication servers) {
        return RedisStore.builder()
                .endpoints(servers.primary().endpoints())
                .endpoints(servers.replicas().get(0).endpoints())
                .requestTimeout(REQUEST_TIMEOUT)
                .build();
    }

    private static Transaction put(String key) {
        return Transaction.builder().put(key, "v").build();
    }

    private static long committed(CoordinationStore store, Transaction transaction) {
        CommitResult result = get(store.commit(transaction));
        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        return ((CommitResult.Committed) result).revision();
    }

    private static boolean canRead(CoordinationStore store) {
        try {
            get(store.read(""));
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    private static Snapshot awaitRead(CoordinationStore store) {
        Snapshot[] read = new Snapshot[1];
        Eventually.until("an answer", () -> {
            try {
                read[0] = get(store.read(""));
                return true;
            } catch (StoreException e) {
                return false;
            }
        });
        return read[0];
    }
}
