package org.bucketkeeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.bucketkeeper.testing.Eventually.get;

import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.testing.Eventually;
import org.bucketkeeper.testing.RedisServer;
import org.bucketkeeper.testing.TcpRelay;
import org.bucketkeeper.testing.TcpRelay.Direction;
import org.bucketkeeper.testing.WatchRecorder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever happens to the connection or the server, calls end in time, run at most once, and leave nothing half-done. */
@Tag("once")
class RedisFaultTest {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration BOUND = REQUEST_TIMEOUT.plusSeconds(2);

    private static RedisServer server;
    private static Redis redis;

    private TcpRelay relay;
    private RedisStore store;

    @BeforeAll
    static void launch() {
        server = RedisServer.launchControllable();
        redis = Redis.of(server);
    }

    @AfterAll
    static void stop() {
        redis.close();
        server.close();
    }

    @BeforeEach
    void connect() {
        redis.commands().flushall();
        relay = TcpRelay.to(server.endpoints().get(0));
        store = RedisStore.builder()
                .endpoints(relay.endpoint())
                .requestTimeout(REQUEST_TIMEOUT)
                .build();
        awaitAnswer();
    }

    @AfterEach
    void disconnect() {
        store.close();
        relay.close();
    }

    @Test
    void aTransactionWhoseAnswerIsLateIsUnknownInTimeAndRanOnce() {
        relay.blackhole(Direction.TO_CLIENT);
        CompletionStage<CommitResult> commit = store.commit(put("v"));
        Eventually.until("the transaction to run", () -> "v".equals(redis.value("k")));

        CommitResult result = get(commit, BOUND);
        relay.heal();

        assertThat(result).isInstanceOf(CommitResult.Unknown.class);
        assertThatTheKeyWasWrittenOnce();
    }

    @Test
    void aTransactionWhoseAnswerWasLostWithTheConnectionIsUnknownAtOnceAndRanOnce() {
        relay.blackhole(Direction.TO_CLIENT);
        CompletionStage<CommitResult> commit = store.commit(put("v"));
        Eventually.until("the transaction to run", () -> "v".equals(redis.value("k")));

        relay.cut();
        relay.heal();

        assertThat(get(commit, BOUND)).isInstanceOf(CommitResult.Unknown.class);
        assertThatTheKeyWasWrittenOnce();
    }

    @Test
    void aTransactionWhoseConnectionBreaksAnywhereRunsOnceOrNotAtAll() {
        List<Long> cuts = new ArrayList<>();
        for (long bytes = 0; bytes < 1_000; bytes += 90) {
            cuts.add(bytes);
        }
        for (Direction direction : Direction.values()) {
            for (long bytes : cuts) {
                redis.commands().del(Redis.key("entries"), Redis.key("names"));
                awaitAnswer();
                relay.cutAfter(direction, bytes);

                CommitResult result = get(store.commit(put("v")), BOUND);
                relay.heal();
                awaitAnswer();

                List<Entry> entries = get(store.read("")).entries();
                if (result instanceof CommitResult.Committed || !entries.isEmpty()) {
                    assertThat(entries).as(direction + " " + bytes).hasSize(1);
                    assertThatTheKeyWasWrittenOnce();
                }
            }
        }
    }

    @Test
    void aScriptThatComesTwiceIsAppliedOnce() {
        List<String> arguments = new ArrayList<>(List.of("an identity", "1000"));
        arguments.addAll(Wire.arguments("operation 1", put("v")));

        List<String> first = run(Script.COMMIT, arguments);
        List<String> second = run(Script.COMMIT, arguments);

        assertThat(first.get(0)).isEqualTo("COMMITTED");
        assertThat(second).isEqualTo(first);
        assertThatTheKeyWasWrittenOnce();
    }

    @Test
    void aRejectedScriptThatComesTwiceIsRejectedTwice() {
        committed(put("v"));
        Transaction rejected = Transaction.builder().ifAbsent("k").put("k", "w").build();
        List<String> arguments = new ArrayList<>(List.of("an identity", "1000"));
        arguments.addAll(Wire.arguments("operation 1", rejected));

        assertThat(run(Script.COMMIT, arguments).get(0)).isEqualTo("REJECTED");
        assertThat(run(Script.COMMIT, arguments).get(0)).isEqualTo("REJECTED");
    }

    @Test
    void theChangeLogAndTheKnownOperationsAreBounded() {
        int more = 13_000;
        for (int first = 0; first < more; first += 500) {
            List<CompletionStage<CommitResult>> commits = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                commits.add(store.commit(put("v" + i)));
            }
            commits.forEach(Eventually::get);
        }

        // The server cuts the log by whole blocks of a hundred entries.
        assertThat(redis.commands().xlen(Redis.key("log"))).isBetween(4_096L, 4_096L + 200);
        assertThat(redis.commands().hlen(Redis.key("operations"))).isEqualTo(10_000);
        assertThat(redis.commands().llen(Redis.key("recent"))).isEqualTo(10_000);
    }

    @Test
    void everyCallOverADeadConnectionFailsWithinTheRequestTimeout() {
        Lease lease = get(store.grantLease(Duration.ofSeconds(60)));
        relay.blackhole();

        List<CompletionStage<?>> stages = List.of(
                store.read(""),
                store.grantLease(Duration.ofSeconds(60)),
                store.keepAlive(lease.id()),
                store.timeToLive(lease.id()),
                store.revokeLease(lease.id()));
        CompletionStage<CommitResult> commit = store.commit(put("v"));

        for (CompletionStage<?> stage : stages) {
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(stage, BOUND));
        }
        assertThat(get(commit, BOUND)).isInstanceOf(CommitResult.Unknown.class);
    }

    @Test
    void aDeadConnectionIsReplacedByTheNextCall() {
        relay.blackhole();
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(store.read(""), BOUND));

        relay.heal();
        relay.reset();

        awaitAnswer();
    }

    @Test
    void callsFailInTimeWhileTheServerHangsAndGoOnWhenItIsBack() {
        server.pause();
        try {
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(store.read(""), BOUND));
            assertThat(get(store.commit(put("v")), BOUND)).isInstanceOf(CommitResult.Unknown.class);
        } finally {
            server.resume();
        }

        awaitAnswer();
    }

    @Test
    void callsFailInTimeWhileTheServerPausesItsClientsAndGoOnAfterwards() {
        redis.commands().clientPause(2_500);

        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(store.read(""), BOUND));

        awaitAnswer();
    }

    @Test
    void aWatchOverADeadConnectionEndsInTime() {
        WatchRecorder recorder = new WatchRecorder();
        store.watch("", committed(put("1")) + 1, recorder);
        committed(put("2"));
        recorder.awaitKeys(1);

        relay.blackhole();

        Eventually.within(
                Duration.ofSeconds(8),
                "the end of the watch",
                () -> !recorder.ends().isEmpty());
    }

    @Test
    void aWatchThatHasNothingToReportLivesOn() {
        WatchRecorder recorder = new WatchRecorder();
        store.watch("", committed(put("1")) + 1, recorder);
        Duration twoSignsOfLife = Duration.ofSeconds(12);
        long start = System.nanoTime();

        Eventually.within(
                twoSignsOfLife.plus(BOUND),
                "time to go by, or the watch to end",
                () -> !recorder.events().isEmpty() || System.nanoTime() - start > twoSignsOfLife.toNanos());
        committed(put("2"));

        recorder.awaitKeys(1);
        assertThat(recorder.ends()).isEmpty();
    }

    @Test
    void aServerThatForgotTheScriptsIsTaughtThemAgain() {
        committed(put("1"));

        redis.commands().scriptFlush();

        committed(put("2"));
        assertThat(redis.value("k")).isEqualTo("2");
    }

    @Test
    void aKeyOfSomebodyElseInTheWayIsNamedAndNothingIsHalfWritten() {
        for (String name : List.of("meta", "entries", "names", "leases", "ttls", "leased", "operations", "recent")) {
            assertThatAForeignKeyIsNamed(name);
        }
        assertThatAForeignKeyIsNamed("log");
    }

    @Test
    void aHashOfSomebodyElseAtTheHeadsPlaceIsLeftAlone() {
        redis.commands().flushall();
        redis.commands().hset(Redis.key("meta"), "title", "mine");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> get(store.read("")))
                .withMessageContaining(Redis.key("meta"));
        assertThat(redis.commands().hgetall(Redis.key("meta"))).containsOnlyKeys("title");
        redis.commands().flushall();
    }

    @Test
    void whenMemoryIsShortTransactionsAreRefusedWholeAndLeasesLiveOn() {
        Lease kept = get(store.grantLease(Duration.ofSeconds(60)));
        Lease ending = get(store.grantLease(Duration.ofSeconds(60)));
        committed(Transaction.builder()
                .putUnder(ending.id(), "a", "v")
                .putUnder(ending.id(), "b", "v")
                .build());
        List<String> before = redis.everything();
        redis.commands().configSet("maxmemory", "1");
        try {
            CommitResult refused = get(store.commit(put("v")));

            assertThat(refused)
                    .isInstanceOfSatisfying(
                            CommitResult.Unknown.class,
                            unknown -> assertThat(unknown.cause()).hasMessageContaining("OOM"));
            assertThat(redis.everything()).isEqualTo(before);
            assertThat(get(store.keepAlive(kept.id()))).isInstanceOf(KeepAliveResult.Renewed.class);
            get(store.revokeLease(ending.id()));
            assertThat(get(store.read("")).entries()).isEmpty();
        } finally {
            redis.commands().configSet("maxmemory", "0");
        }
        committed(put("v"));
    }

    @Test
    void leasesEndEvenIfNobodyAsksForAnything() {
        Lease lease = get(store.grantLease(Duration.ofSeconds(1)));
        committed(Transaction.builder().putUnder(lease.id(), "k", "v").build());

        Eventually.until("the lease to expire", () -> redis.value("k") == null);
    }

    @Test
    void aStoreThatWasAwayIsFoundAgainWithinASecondOfItsReturn() {
        relay.cut();
        long start = System.nanoTime();
        while (System.nanoTime() - start < Duration.ofSeconds(5).toNanos()) {
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get(store.read(""), BOUND));
        }

        relay.heal();

        Eventually.within(Duration.ofSeconds(2), "an answer", this::canRead);
    }

    @Test
    void closingFailsWhatIsUnderWayAtOnce() {
        relay.blackhole();
        CompletionStage<?> read = store.read("");
        CompletionStage<CommitResult> commit = store.commit(put("v"));

        store.close();

        assertThat(read.toCompletableFuture()).isCompletedExceptionally();
        assertThat(commit.toCompletableFuture()).isCompletedWithValueMatching(CommitResult.Unknown.class::isInstance);
    }

    private void assertThatAForeignKeyIsNamed(String name) {
        String key = Redis.key(name);
        redis.commands().flushall();
        get(store.read(""));
        redis.commands().del(key);
        redis.commands().set(key, "somebody else's");
        List<String> before = redis.everything();

        CommitResult result = get(store.commit(put("v")));

        assertThat(result)
                .isInstanceOfSatisfying(
                        CommitResult.Unknown.class,
                        unknown -> assertThat(unknown.cause()).hasMessageContaining(key));
        assertThat(redis.everything()).as(name).isEqualTo(before);
        assertThat(redis.commands().get(key)).isEqualTo("somebody else's");
        redis.commands().flushall();
    }

    private static List<String> run(Script script, List<String> arguments) {
        return redis.commands()
                .eval(
                        script.text(),
                        ScriptOutputType.MULTI,
                        new Keys("bucketkeeper").inScriptOrder(),
                        arguments.toArray(String[]::new));
    }

    private static Transaction put(String value) {
        return Transaction.builder().put("k", value).build();
    }

    private long committed(Transaction transaction) {
        CommitResult result = get(store.commit(transaction));
        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        return ((CommitResult.Committed) result).revision();
    }

    private void assertThatTheKeyWasWrittenOnce() {
        awaitAnswer();
        Entry entry = get(store.read("")).entries().get(0);
        assertThat(entry.modRevision()).isEqualTo(entry.createRevision());
    }

    private void awaitAnswer() {
        Eventually.until("an answer", this::canRead);
    }

    private boolean canRead() {
        try {
            get(store.read(""));
            return true;
        } catch (StoreException e) {
            return false;
        }
    }
}
