package org.bucketkeeper.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.ScriptOutputType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scripts alone, with no client beside that looks after leases: what they do when something is not as it was. */
class RedisScriptTest {

    private static final long SECOND = 1_000_000;
    private static final long LARGEST_LOSS = 32_768;
    private static final String TTL = Long.toString(60 * SECOND);

    private static RedisServer server;
    private static Redis redis;

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
    void begin() {
        redis.commands().flushall();
        run(Script.SWEEP);
    }

    @Test
    void anOlderCopyOfTheDataThatIsPutInGivesNoRevisionOutAgain() {
        Map<String, byte[]> copy = new HashMap<>();
        redis.commands().keys("*").forEach(key -> copy.put(key, redis.commands().dump(key)));
        long lost = revisionOf(put("k"));

        copy.forEach((key, data) -> redis.commands().restore(key, data, new RestoreArgs().replace()));
        letTimePassSinceTheLastLook(11);

        assertThat(revisionOf(put("k"))).isGreaterThan(lost);
        assertThat(redis.commands().xlen(Redis.key("log"))).isEqualTo(2);
    }

    @Test
    void theRevisionJumpsAheadOfWhatMayBeLostThoughTheClockIsBehind() {
        long farAhead = redis.revision() + 3_600 * SECOND;
        redis.commands().hset(Redis.key("meta"), "revision", Long.toString(farAhead));

        redis.commands().hset(Redis.key("meta"), "history", "of another server");

        assertThat(revisionOf(put("k"))).isGreaterThanOrEqualTo(farAhead + LARGEST_LOSS);
    }

    @Test
    void theRevisionJumpsToTheServersTimeThoughMoreIsLost() {
        long before = redis.revision();
        redis.commands().hset(Redis.key("meta"), "revision", "5");

        redis.commands().hset(Redis.key("meta"), "history", "of another server");

        assertThat(revisionOf(put("k"))).isGreaterThan(before - 2 * LARGEST_LOSS);
    }

    @Test
    void aStoreThatIsMadeAnewIsAheadOfAJumpThatTheFormerHasJustMade() {
        // As that of a store is that was not made just now.
        redis.commands().hset(Redis.key("meta"), "revision", Long.toString(redis.revision() - 2 * LARGEST_LOSS));
        redis.commands().hset(Redis.key("meta"), "history", "of another server");
        long former = revisionOf(put("k"));

        redis.commands().flushall();

        assertThat(revisionOf(put("k"))).isGreaterThan(former);
    }

    @Test
    void damagedHeadsAreNamed() {
        redis.commands().hdel(Redis.key("meta"), "history");

        assertThatExceptionOfType(RedisCommandExecutionException.class)
                .isThrownBy(() -> run(Script.READ, ""))
                .withMessageContaining("the key " + Redis.key("meta") + " is damaged");
    }

    @Test
    void aKeyBesideTheHeadThatWasTakenAwayIsMissed() {
        run(Script.GRANT, "7", TTL);
        put("k");

        for (String name : List.of("entries", "names", "leases", "ttls")) {
            byte[] former = redis.commands().dump(Redis.key(name));
            redis.commands().del(Redis.key(name));

            assertThatExceptionOfType(RedisCommandExecutionException.class)
                    .as(name)
                    .isThrownBy(() -> run(Script.SWEEP))
                    .withMessageContaining("were lost or changed");

            redis.commands().restore(Redis.key(name), 0, former);
        }
    }

    @Test
    void aServerThatMayTakeKeysAwayIsRefused() {
        redis.commands().configSet("maxmemory", "500mb");
        redis.commands().configSet("maxmemory-policy", "allkeys-lru");
        try {
            assertThatExceptionOfType(RedisCommandExecutionException.class)
                    .isThrownBy(() -> run(Script.SWEEP))
                    .withMessageContaining("maxmemory-policy must not be an allkeys policy");
        } finally {
            redis.commands().configSet("maxmemory-policy", "noeviction");
            redis.commands().configSet("maxmemory", "0");
        }
    }

    @Test
    void theEndOfALeaseTakesNoKeyThatAnotherHolds() {
        run(Script.GRANT, "7", TTL);
        run(Script.GRANT, "8", TTL);
        run(Script.COMMIT, putUnder(8, "k"));
        // As a transaction leaves it that the server broke off.
        redis.commands().zadd(Redis.key("leased"), 0, "7/k");

        run(Script.REVOKE, "7");

        assertThat(redis.value("k")).isEqualTo("v");
        assertThat(redis.commands().zrange(Redis.key("leased"), 0, -1)).containsExactly("8/k");
    }

    @Test
    void theEndOfALeaseTakesNoKeyOfOneWhoseNumberBeginsAlike() {
        run(Script.GRANT, "12", TTL);
        run(Script.GRANT, "123", TTL);
        run(Script.COMMIT, putUnder(123, "k"));

        run(Script.REVOKE, "12");

        assertThat(redis.value("k")).isEqualTo("v");
    }

    @Test
    void anOverdueLeaseTakesNoKeyThoughNobodyHasEndedItYet() {
        run(Script.GRANT, "7", TTL);
        makeOverdue(7);

        assertThat(run(Script.COMMIT, putUnder(7, "k"))).containsExactly("NO_LEASE", "7");
    }

    @Test
    void lookingAfterLeasesIsNotedThoughNobodyRenews() {
        letTimePassSinceTheLastLook(8);
        long before = clock();

        run(Script.SWEEP);

        assertThat(clock()).isGreaterThanOrEqualTo(before + 8 * SECOND);
    }

    @Test
    void theNextLookIsDueWhenTheNextLeaseIs() {
        run(Script.GRANT, "7", TTL);
        run(Script.GRANT, "8", Long.toString(3 * SECOND));

        assertThat(Long.parseLong(run(Script.SWEEP).get(1))).isBetween(1L, 3 * SECOND);
    }

    @Test
    void aLeaseWithThousandsOfKeysIsReadAndEndsAtOnce() {
        run(Script.GRANT, "7", TTL);
        for (int first = 0; first < 9_000; first += 100) {
            Transaction.Builder transaction = Transaction.builder();
            for (int i = first; i < first + 100; i++) {
                transaction.putUnder(7, "k" + i, "v");
            }
            run(Script.COMMIT, arguments(transaction.build()));
        }
        assertThat(run(Script.READ, "k")).hasSize(2 + 2 * 9_000);
        long before = redis.revision();

        run(Script.REVOKE, "7");

        assertThat(run(Script.READ, "k")).hasSize(2);
        // A revision that is not in the log is what makes every watch read afresh.
        assertThat(redis.revision()).isEqualTo(before + 2);
        assertThat(redis.commands().zcard(Redis.key("leased"))).isZero();
    }

    private static List<String> put(String key) {
        return run(Script.COMMIT, arguments(Transaction.builder().put(key, "v").build()));
    }

    private static String[] putUnder(long lease, String key) {
        return arguments(Transaction.builder().putUnder(lease, key, "v").build());
    }

    private static String[] arguments(Transaction transaction) {
        return Wire.arguments("operation " + System.nanoTime(), transaction).toArray(String[]::new);
    }

    private static long revisionOf(List<String> answer) {
        assertThat(answer.get(0)).isEqualTo("COMMITTED");
        return Long.parseLong(answer.get(1));
    }

    private static void makeOverdue(long lease) {
        redis.commands().zincrby(Redis.key("leases"), -120.0 * SECOND, Long.toString(lease));
    }

    private static void letTimePassSinceTheLastLook(long seconds) {
        redis.commands().hincrby(Redis.key("meta"), "clock", -seconds * SECOND);
    }

    private static long clock() {
        return Long.parseLong(redis.commands().hget(Redis.key("meta"), "clock"));
    }

    private static List<String> run(Script script, String... arguments) {
        List<String> all = new ArrayList<>(List.of("an identity", "1000"));
        all.addAll(List.of(arguments));
        return redis.commands()
                .eval(
                        script.text(),
                        ScriptOutputType.MULTI,
                        new Keys("bucketkeeper").inScriptOrder(),
                        all.toArray(String[]::new));
    }
}
