package org.bucketkeeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bucketkeeper.testing.Eventually.get;

import java.time.Duration;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.testing.Eventually;
import org.bucketkeeper.testing.RedisServer;
import org.bucketkeeper.testing.WatchRecorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server whose data may have gone back gives out no revision twice, and nobody goes on as if nothing had happened. */
@Tag("once")
class RedisHistoryTest {

    private static final long LARGEST_LOSS = 1 << 15;

    private RedisServer server;
    private RedisStore store;

    @BeforeEach
    void launch() {
        server = RedisServer.launchControllable();
        store = connect();
    }

    @AfterEach
    void stop() {
        store.close();
        server.close();
    }

    @Test
    void aRestartKeepsTheStoreAndItsKeysButJumpsAheadInRevisions() {
        put("k", "v");
        Snapshot before = read();

        restart();

        Snapshot after = read();
        assertThat(after.storeIdentity()).isEqualTo(before.storeIdentity());
        assertThat(after.entries()).isEqualTo(before.entries());
        assertThat(after.revision()).isGreaterThanOrEqualTo(before.revision() + LARGEST_LOSS);
    }

    @Test
    void aRestartEndsWatchesAndAnewOneIsServedFromTheReadOn() {
        put("k", "v");
        WatchRecorder former = new WatchRecorder();
        store.watch("", read().revision() + 1, former);
        put("seen", "v");
        former.awaitKeys(1);

        restart();

        assertThat(former.awaitEnd().reason()).isEqualTo(WatchEvent.Reason.DISCONNECTED);
        WatchRecorder recorder = new WatchRecorder();
        store.watch("", read().revision() + 1, recorder);
        put("new", "v");
        recorder.awaitKeys(1);
        assertThat(recorder.keys()).containsExactly("new");
    }

    @Test
    void aWatchFromBeforeARestartIsToldToReadAfresh() {
        long revision = put("k", "v");

        restart();
        read();
        WatchRecorder recorder = new WatchRecorder();
        store.watch("", revision + 1, recorder);

        assertThat(recorder.awaitEnd().reason()).isEqualTo(WatchEvent.Reason.COMPACTED);
    }

    @Test
    void leasesLastTheirFullTimeAgainAfterARestart() {
        Lease lease = get(store.grantLease(Duration.ofSeconds(60)));
        try (Redis redis = Redis.of(server)) {
            // As if the lease had nearly run out.
            redis.commands().zincrby(Redis.key("leases"), -50_000_000, Long.toString(lease.id()));
        }

        restart();

        assertThat(get(store.timeToLive(lease.id()))).isGreaterThan(Duration.ofSeconds(50));
    }

    @Test
    void leasesThatNobodyCouldRenewForLongBeginAfresh() {
        assertThatLeasesBeginAfreshAfter(-60_000_000);
    }

    @Test
    void leasesBeginAfreshWhenTheServersClockWasSetBack() {
        assertThatLeasesBeginAfreshAfter(60_000_000);
    }

    /** @param sinceLastLook by how many microseconds to falsify when the leases were looked after last */
    private void assertThatLeasesBeginAfreshAfter(long sinceLastLook) {
        Lease lease = get(store.grantLease(Duration.ofSeconds(60)));
        store.close();
        try (Redis redis = Redis.of(server)) {
            redis.commands().hincrby(Redis.key("meta"), "clock", sinceLastLook);
            // Overdue, if nothing else is looked at.
            redis.commands().zincrby(Redis.key("leases"), -120_000_000, Long.toString(lease.id()));
        }

        store = connect();

        assertThat(get(store.timeToLive(lease.id()))).isGreaterThan(Duration.ofSeconds(50));
        assertThat(get(store.keepAlive(lease.id()))).isInstanceOf(KeepAliveResult.Renewed.class);
    }

    @Test
    void aServerThatLostEverythingIsAnotherStoreWithLargerRevisions() {
        put("k", "v");
        Snapshot before = read();
        Lease lease = get(store.grantLease(Duration.ofSeconds(60)));

        try (Redis redis = Redis.of(server)) {
            redis.commands().flushall();
        }

        Snapshot after = read();
        assertThat(after.storeIdentity()).isNotEqualTo(before.storeIdentity());
        assertThat(after.entries()).isEmpty();
        assertThat(after.revision()).isGreaterThan(before.revision());
        assertThat(get(store.keepAlive(lease.id()))).isEqualTo(new KeepAliveResult.Expired());
    }

    @Test
    void aWatchNoticesThatEverythingWasLost() {
        WatchRecorder recorder = new WatchRecorder();
        store.watch("", put("k", "v") + 1, recorder);
        put("seen", "v");
        recorder.awaitKeys(1);

        try (Redis redis = Redis.of(server)) {
            redis.commands().flushall();
        }

        // Nobody asks for anything but the store itself, which looks after the leases.
        assertThat(recorder.awaitEnd().reason()).isEqualTo(WatchEvent.Reason.COMPACTED);
    }

    @Test
    void aDatabaseOfWhichOnlyTheHeadWasLostIsAnotherStore() {
        put("k", "v");
        Snapshot before = read();

        try (Redis redis = Redis.of(server)) {
            redis.commands().del(Redis.key("meta"));
        }

        assertThat(read().storeIdentity()).isNotEqualTo(before.storeIdentity());
        assertThat(read().entries()).isEmpty();
    }

    @Test
    void aKeyIsCreatedAtALargerRevisionAfterEveryKindOfLoss() {
        long first = put("claim", "1");
        restart();
        get(store.commit(Transaction.builder().delete("claim").build()));
        long second = put("claim", "2");
        try (Redis redis = Redis.of(server)) {
            redis.commands().flushall();
        }
        long third = put("claim", "3");

        assertThat(second).isGreaterThan(first + LARGEST_LOSS);
        assertThat(third).isGreaterThan(second);
        assertThat(read().entries()).extracting(Entry::createRevision).containsExactly(third);
    }

    private RedisStore connect() {
        return RedisStore.builder().endpoints(server.endpoints()).build();
    }

    private void restart() {
        server.kill();
        server.start();
        Eventually.until("the first answer", () -> {
            try {
                read();
                return true;
            } catch (StoreException e) {
                return false;
            }
        });
    }

    private Snapshot read() {
        return get(store.read(""));
    }

    private long put(String key, String value) {
        CommitResult result =
                get(store.commit(Transaction.builder().put(key, value).build()));
        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        return ((CommitResult.Committed) result).revision();
    }
}
