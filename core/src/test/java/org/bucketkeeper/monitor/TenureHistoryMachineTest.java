package org.bucketkeeper.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.monitor.TenureHistoryMachine.Action;
import org.bucketkeeper.monitor.TenureHistoryMachine.Claim;
import org.bucketkeeper.monitor.TenureHistoryMachine.Commit;
import org.bucketkeeper.monitor.TenureHistoryMachine.Committed;
import org.bucketkeeper.monitor.TenureHistoryMachine.Failed;
import org.bucketkeeper.monitor.TenureHistoryMachine.Read;
import org.bucketkeeper.monitor.TenureHistoryMachine.ReadSucceeded;
import org.bucketkeeper.store.Condition;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who owned what when: read once, written in batches, by the leader only. */
class TenureHistoryMachineTest {

    private static final Keyspace KEYS = new Keyspace("/c/");
    private static final Held LEADERSHIP = new Held(7, Duration.ofSeconds(10), 41);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Bucket BUCKET = Bucket.parse("3f");

    private final TenureHistoryMachine machine = new TenureHistoryMachine(KEYS);
    private long now;

    @Test
    void doesNothingWhileItDoesNotLead() {
        assertThat(see(BUCKET, claim("a", 5))).isEmpty();
        assertThat(advance(Duration.ofHours(1))).isEmpty();
    }

    @Test
    void readsTheRecordOnceItLeads() {
        seeNothing(LEADERSHIP.revision());

        assertThat(machine.onEvent(new TenureHistoryMachine.Elected(LEADERSHIP), now))
                .containsExactly(new Read(1));
    }

    @Test
    void waitsUntilItHasSeenTheClaimsOfTheTimeOfItsElection() {
        seeNothing(LEADERSHIP.revision() - 1);

        assertThat(machine.onEvent(new TenureHistoryMachine.Elected(LEADERSHIP), now))
                .isEmpty();
        assertThat(seeNothing(LEADERSHIP.revision())).containsExactly(new Read(1));
    }

    @Test
    void recordsNoTenureASecondTime() {
        see(BUCKET, claim("a", 5));
        PastTenure ended = tenure("a", 5, NOON.minusSeconds(100), NOON.minusSeconds(50));

        assertThat(elected(List.of(entry(List.of(ended))))).isEmpty();
    }

    @Test
    void recordsWhoOwnsABucketWhenItIsElected() {
        see(BUCKET, claim("a", 5));

        Commit commit = commitOf(elected(List.of()));

        assertThat(written(commit)).containsExactly(tenure("a", 5, NOON, null));
    }

    @Test
    void comparesTheLeadershipInEveryBatch() {
        see(BUCKET, claim("a", 5));

        Commit commit = commitOf(elected(List.of()));

        assertThat(commit.transaction().conditions())
                .containsExactly(new Condition.ModifiedAt(KEYS.monitor(), LEADERSHIP.revision()));
    }

    @Test
    void endsATenureWhenItsClaimIsGone() {
        leadWith(claim("a", 5));

        see(BUCKET, null, NOON.plusSeconds(60));
        Commit commit = commitOf(advance(Duration.ofSeconds(1)));

        assertThat(written(commit)).containsExactly(tenure("a", 5, NOON, NOON.plusSeconds(60)));
    }

    @Test
    void beginsANewTenureWithEachToken() {
        leadWith(claim("a", 5));

        see(BUCKET, claim("b", 9), NOON.plusSeconds(60));
        Commit commit = commitOf(advance(Duration.ofSeconds(1)));

        assertThat(written(commit))
                .containsExactly(
                        tenure("a", 5, NOON, NOON.plusSeconds(60)), tenure("b", 9, NOON.plusSeconds(60), null));
    }

    @Test
    void goesOnFromWhatAnEarlierLeaderWrote() {
        see(BUCKET, claim("b", 9));
        PastTenure earlier = tenure("a", 5, NOON.minusSeconds(100), null);

        Commit commit = commitOf(elected(List.of(entry(List.of(earlier)))));

        assertThat(written(commit))
                .containsExactly(tenure("a", 5, NOON.minusSeconds(100), NOON), tenure("b", 9, NOON, null));
    }

    @Test
    void writesNothingIfTheRecordIsRightAlready() {
        see(BUCKET, claim("a", 5));

        assertThat(elected(List.of(entry(List.of(tenure("a", 5, NOON.minusSeconds(100), null))))))
                .isEmpty();
    }

    @Test
    void startsOverWhereARecordCannotBeRead() {
        see(BUCKET, claim("a", 5));

        Commit commit = commitOf(elected(List.of(new Entry(KEYS.history(BUCKET), "{}", 1, 1, 0))));

        assertThat(written(commit)).containsExactly(tenure("a", 5, NOON, null));
    }

    @Test
    void keepsTheNewestTenuresOnly() {
        leadWith(claim("a", 1));
        for (int token = 2; token <= 40; token++) {
            see(BUCKET, claim("a", token), NOON.plusSeconds(token));
        }

        List<PastTenure> kept = written(commitOf(advance(Duration.ofSeconds(1))));

        assertThat(kept).hasSize(TenureHistoryMachine.MOST_TENURES);
        assertThat(kept.get(kept.size() - 1).fencingToken()).isEqualTo(40);
    }

    @Test
    void writesManyBucketsInBatchesOneAfterTheOther() {
        Map<Bucket, @Nullable Claim> all = new HashMap<>();
        for (int i = 0; i < Bucket.COUNT; i++) {
            all.put(Bucket.of(i), claim("a", i + 1));
        }
        machine.onEvent(new TenureHistoryMachine.ClaimsSeen(all, LEADERSHIP.revision(), NOON), now);

        List<Integer> sizes = new ArrayList<>();
        List<Action> actions = elected(List.of());
        while (!actions.isEmpty()) {
            Commit commit = commitOf(actions);
            sizes.add(commit.transaction().operations().size());
            actions = machine.onEvent(new Committed(commit.number()), now);
        }

        assertThat(sizes).containsExactly(50, 50, 50, 50, 50, 6);
    }

    @Test
    void triesAgainLaterWhatFailed() {
        see(BUCKET, claim("a", 5));
        Commit first = commitOf(elected(List.of()));

        assertThat(machine.onEvent(new Failed(first.number()), now)).isEmpty();
        Commit second = commitOf(advance(Duration.ofSeconds(5)));

        assertThat(written(second)).isEqualTo(written(first));
    }

    @Test
    void passesOverAnAnswerToWhatItAskedBeforeItLostTheLead() {
        machine.onEvent(new TenureHistoryMachine.Elected(LEADERSHIP), now);
        machine.onEvent(new TenureHistoryMachine.Deposed(), now);
        see(BUCKET, claim("a", 5));

        assertThat(machine.onEvent(new ReadSucceeded(1, List.of(), NOON), now)).isEmpty();
        assertThat(advance(Duration.ofHours(1))).isEmpty();
    }

    private void leadWith(Claim claim) {
        see(BUCKET, claim);
        Commit commit = commitOf(elected(List.of()));
        machine.onEvent(new Committed(commit.number()), now);
    }

    private List<Action> elected(List<Entry> record) {
        List<Action> actions = machine.onEvent(new TenureHistoryMachine.Elected(LEADERSHIP), now);
        assertThat(actions).hasSize(1).first().isInstanceOf(Read.class);
        return machine.onEvent(new ReadSucceeded(((Read) actions.get(0)).number(), record, NOON), now);
    }

    private List<Action> see(Bucket bucket, @Nullable Claim claim) {
        return see(bucket, claim, NOON);
    }

    private List<Action> see(Bucket bucket, @Nullable Claim claim, Instant time) {
        Map<Bucket, @Nullable Claim> changed = new HashMap<>();
        changed.put(bucket, claim);
        return machine.onEvent(new TenureHistoryMachine.ClaimsSeen(changed, LEADERSHIP.revision(), time), now);
    }

    private List<Action> seeNothing(long revision) {
        return machine.onEvent(new TenureHistoryMachine.ClaimsSeen(Map.of(), revision, NOON), now);
    }

    private List<Action> advance(Duration duration) {
        now += duration.toNanos();
        return machine.onTick(now);
    }

    private static Commit commitOf(List<Action> actions) {
        assertThat(actions).hasSize(1).first().isInstanceOf(Commit.class);
        return (Commit) actions.get(0);
    }

    private static List<PastTenure> written(Commit commit) {
        Operation.Put put = (Operation.Put) commit.transaction().operations().get(0);
        assertThat(put.key()).isEqualTo(KEYS.history(BUCKET));
        return TenureJson.read(BUCKET, put.value());
    }

    private static Entry entry(List<PastTenure> tenures) {
        return new Entry(KEYS.history(BUCKET), TenureJson.write(tenures), 1, 1, 0);
    }

    private static Claim claim(String nodeId, long token) {
        return new Claim(nodeId, "run-1", token);
    }

    private static PastTenure tenure(String nodeId, long token, Instant since, @Nullable Instant until) {
        return new PastTenure(BUCKET, nodeId, "run-1", token, since, until);
    }
}
