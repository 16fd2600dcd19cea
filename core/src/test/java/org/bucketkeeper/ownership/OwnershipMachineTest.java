package org.bucketkeeper.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bucketkeeper.VirtualCluster.KEYS;

import java.time.Duration;
import java.util.List;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.internal.mirror.MirrorUpdate.History;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only the machine itself can be asked: its view of time, and answers and views in an order of the test's choice. */
class OwnershipMachineTest {

    private static final Bucket BUCKET = Bucket.of(0);
    private static final BucketSet NOTHING = BucketSet.EMPTY;
    private static final long LEASE = 7;

    private final OwnershipMachine machine = new OwnershipMachine("a", KEYS, OwnershipSettings.DEFAULT, 128);
    private long now;

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE})
    void claimsAtOnceWhereverTheClockBegins(long origin) {
        now = origin;
        register();

        assertThat(see(view(3, BucketSet.ALL).build())).hasAtLeastOneElementOfType(OwnershipAction.Commit.class);
    }

    @Test
    void aReleasedTokenIsNotUsedAgainInARestoredStoreWhoseRevisionsWereRaised() {
        register();
        own(20);
        release(20);

        List<OwnershipAction> actions = see(view(1_000_000, BucketSet.of(BUCKET))
                .claim(20)
                .history(History.WENT_BACK)
                .build());

        assertThat(actions).doesNotHaveAnyElementsOfTypes(OwnershipAction.Begin.class);
        assertThat(commitIn(actions).transaction().toString()).contains("Delete", KEYS.claim(BUCKET));
    }

    @Nested
    class Leaving {

        @ParameterizedTest
        @EnumSource(History.class)
        void saysSoAgainWhenAViewLacksIt(History history) {
            announceAt(10);

            List<OwnershipAction> actions = see(leaving(11).history(history).build());

            assertThat(actions).hasAtLeastOneElementOfType(OwnershipAction.Commit.class);
        }

        @ParameterizedTest
        @EnumSource(History.class)
        void saysItOnceWhileViewsShowIt(History history) {
            announceAt(10);

            List<OwnershipAction> actions =
                    see(leaving(11).markUnder(LEASE).history(history).build());

            assertThat(actions).doesNotHaveAnyElementsOfTypes(OwnershipAction.Commit.class);
        }

        @Test
        void doesNotTakeAnOlderViewForALoss() {
            OwnershipAction.Commit announcement = startLeaving();

            List<OwnershipAction> atTheAnswer = answer(announcement, new CommitResult.Committed(10));
            List<OwnershipAction> atTheView = see(leaving(9).build());

            assertThat(atTheAnswer).doesNotHaveAnyElementsOfTypes(OwnershipAction.Commit.class);
            assertThat(atTheView).doesNotHaveAnyElementsOfTypes(OwnershipAction.Commit.class);
        }

        @Test
        void waitsForTheAnswerBeforeItIsSaidAgain() {
            announceAt(10);
            see(leaving(11).build());

            assertThat(see(leaving(12).build())).doesNotHaveAnyElementsOfTypes(OwnershipAction.Commit.class);
        }

        @Test
        void saysSoAgainWhenTheAnswerIsOlderThanAViewThatLacksIt() {
            OwnershipAction.Commit announcement = startLeaving();
            see(leaving(1_000).history(History.READ_AFRESH).build());

            List<OwnershipAction> actions = answer(announcement, new CommitResult.Committed(10));

            assertThat(actions).hasAtLeastOneElementOfType(OwnershipAction.Commit.class);
        }

        @Test
        void aStoreThatWentBackBehindItShowsWhetherItStands() {
            announceAt(10);

            assertThat(see(leaving(5).history(History.WENT_BACK).build()))
                    .hasAtLeastOneElementOfType(OwnershipAction.Commit.class);
        }

        @Test
        void isNotSaidAgainAtOnceWhenItIsRejected() {
            OwnershipAction.Commit announcement = startLeaving();

            List<OwnershipAction> actions = answer(announcement, new CommitResult.Rejected(10));
            assertThat(actions).doesNotHaveAnyElementsOfTypes(OwnershipAction.Commit.class);

            now += machine.nanosToNextTick(now);
            assertThat(machine.onTick(now)).hasAtLeastOneElementOfType(OwnershipAction.Commit.class);
        }

        private void announceAt(long revision) {
            answer(startLeaving(), new CommitResult.Committed(revision));
        }

        private OwnershipAction.Commit startLeaving() {
            register();
            own(5);
            return commitIn(machine.onEvent(new OwnershipEvent.LeaveRequested(), now));
        }

        private View leaving(long revision) {
            return view(revision, BucketSet.of(BUCKET)).claim(5);
        }
    }

    private void register() {
        machine.onEvent(new OwnershipEvent.SessionHeld(new Held(LEASE, Duration.ofSeconds(90), 2)), now);
    }

    private void own(long token) {
        see(view(token, BucketSet.of(BUCKET)).claim(token).build());
        machine.onEvent(new OwnershipEvent.AcquiredReturned(BUCKET, token), now);
    }

    private void release(long token) {
        see(view(token + 1, NOTHING).claim(token).build());
        machine.onEvent(new OwnershipEvent.Drained(BUCKET, token), now);
        OwnershipAction.Commit unclaim = commitIn(machine.onEvent(new OwnershipEvent.Unloaded(BUCKET, token), now));
        answer(unclaim, new CommitResult.Committed(token + 2));
        see(view(token + 2, NOTHING).build());
    }

    private List<OwnershipAction> see(ClusterView view) {
        return machine.onEvent(new OwnershipEvent.ClusterSeen(view), now);
    }

    private List<OwnershipAction> answer(OwnershipAction.Commit commit, CommitResult result) {
        return machine.onEvent(new OwnershipEvent.CommitAnswered(commit.number(), result), now);
    }

    private static OwnershipAction.Commit commitIn(List<OwnershipAction> actions) {
        return actions.stream()
                .filter(OwnershipAction.Commit.class::isInstance)
                .map(OwnershipAction.Commit.class::cast)
                .reduce((one, other) -> {
                    throw new AssertionError("two commits: " + actions);
                })
                .orElseThrow(() -> new AssertionError("no commit: " + actions));
    }

    private static View view(long revision, BucketSet assigned) {
        return new View(revision, assigned, 0, null, History.CONTINUED);
    }

    /** A view that is made step by step; there are others to take the buckets over. */
    private record View(
            long revision,
            BucketSet assigned,
            long token,
            @Nullable Entry mark,
            History history) {

        View claim(long newToken) {
            return new View(revision, assigned, newToken, mark, history);
        }

        View markUnder(long leaseId) {
            Entry newMark = new Entry(KEYS.leaving("a"), "{}", revision, revision, leaseId);
            return new View(revision, assigned, token, newMark, history);
        }

        View history(History newHistory) {
            return new View(revision, assigned, token, mark, newHistory);
        }

        ClusterView build() {
            @Nullable Entry[] claims = new Entry[Bucket.COUNT];
            if (token > 0) {
                claims[BUCKET.index()] = new Entry(KEYS.claim(BUCKET), "{}", token, token, LEASE);
            }
            return new ClusterView(
                    revision, assigned, BucketSet.EMPTY, 3, claims, new long[Bucket.COUNT], mark, true, history);
        }
    }
}
