package org.bucketkeeper.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.bucketkeeper.VirtualCluster.KEYS;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.bucketkeeper.VirtualCluster;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.memory.Direction;
import org.bucketkeeper.store.memory.Faults;
import org.junit.jupiter.api.Test;

/**
 * One owner at a time, in virtual time. The plan: claiming; guards; hand-over from both sides; refusals; loss of the
 * session, of the claim; what the listener is told; stuck and failing releases; force; leaving; a store that is away.
 * The assignment is written by the tests, so that each says exactly what moves.
 */
class BucketOwnershipTest {

    private static final Bucket BUCKET = Bucket.parse("3f");
    private static final Bucket OTHER = Bucket.parse("40");
    private static final OwnershipSettings KEEP_SERVING =
            new OwnershipSettings(StoreOutage.KEEP_SERVING_FENCED, OwnershipSettings.DEFAULT.leaveTimeout());
    private static final Duration SOME_TIME = Duration.ofSeconds(30);

    private final VirtualCluster cluster = new VirtualCluster();

    // --- claiming ---------------------------------------------------------------------------------------------------

    @Test
    void claimsWhatIsAssignedUnderItsLease() {
        VirtualServer a = server("a");

        assign("a");

        assertThat(a.ownership.status().owned()).isEqualTo(BucketSet.ALL);
        Entry claim = cluster.entry(KEYS.claim(BUCKET));
        assertThat(claim.leaseId()).isEqualTo(cluster.entry(KEYS.node("a")).leaseId());
        assertThat(claim.value()).contains("\"node_id\":\"a\"");
    }

    @Test
    void theCreateRevisionOfTheClaimIsTheFencingToken() {
        VirtualServer a = server("a");
        assign("a");

        Guard guard = a.ownership.enter(BUCKET);

        assertThat(guard.fencingToken())
                .isEqualTo(cluster.entry(KEYS.claim(BUCKET)).createRevision());
        assertThat(guard.isValid()).isTrue();
    }

    @Test
    void adoptsAClaimWhoseAnswerGotLost() {
        VirtualServer a = server("a");
        a.process.client().faults().loseNextCommitAnswer();

        assign("a");
        cluster.advance(Duration.ofSeconds(1));

        assertThat(a.ownership.enter(BUCKET).fencingToken())
                .isEqualTo(cluster.entry(KEYS.claim(BUCKET)).createRevision());
    }

    @Test
    void claimsAgainWhatNeverReachedTheStore() {
        VirtualServer a = server("a");
        a.process.client().faults().loseNextRequest();

        assign("a");
        cluster.advance(SOME_TIME);

        assertThat(a.ownership.status().owned()).isEqualTo(BucketSet.ALL);
    }

    // --- refusals ---------------------------------------------------------------------------------------------------

    @Test
    void refusesWhatIsAssignedElsewhereAndNamesTheOwner() {
        VirtualServer a = server("a");
        server("b");
        assign("b");

        NotOwner refusal = refusalOf(a);

        assertThat(refusal).isEqualTo(new NotOwner(BUCKET, VirtualCluster.node("b"), assignmentRevision()));
    }

    @Test
    void refusesWithoutAnOwnerBeforeAnythingIsAssigned() {
        VirtualServer a = server("a");

        assertThat(refusalOf(a)).isEqualTo(new NotOwner(BUCKET, null, 0));
    }

    @Test
    void aRefusalHasNoStackTrace() {
        VirtualServer a = server("a");

        assertThatThrownBy(() -> a.ownership.enter(BUCKET))
                .isInstanceOfSatisfying(
                        NotOwnerException.class,
                        refused -> assertThat(refused.getStackTrace()).isEmpty());
    }

    // --- hand-over --------------------------------------------------------------------------------------------------

    @Test
    void handsOverWithALargerToken() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        long before = a.ownership.enter(OTHER).fencingToken();

        assign("b", BUCKET);

        assertThat(refusalOf(a).owner()).isEqualTo(VirtualCluster.node("b"));
        assertThat(b.ownership.enter(BUCKET).fencingToken()).isGreaterThan(before);
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing");
        assertThat(b.callsFor(BUCKET)).containsExactly("acquired");
    }

    @Test
    void doesNotUnloadBeforeTheLastGuardIsClosed() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        Guard guard = a.ownership.enter(BUCKET);

        assign("b", BUCKET);

        assertThat(a.callsFor(BUCKET)).containsExactly("acquired");
        assertThat(guard.isValid()).isTrue();
        assertThat(b.ownership.status().owned().contains(BUCKET)).isFalse();

        guard.close();
        cluster.advance(Duration.ZERO);

        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing");
        assertThat(b.ownership.status().owned().contains(BUCKET)).isTrue();
    }

    @Test
    void keepsTheClaimUntilTheApplicationHasUnloaded() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        CompletableFuture<Void> unloaded = a.holdBackUnloading(BUCKET);

        assign("b", BUCKET);
        cluster.advance(Duration.ofHours(1));

        assertThat(b.ownership.status().acquiring()).isEqualTo(BucketSet.of(BUCKET));
        assertThat(a.ownership.status().longestRelease()).isEqualTo(Duration.ofHours(1));

        unloaded.complete(null);
        cluster.advance(Duration.ZERO);

        assertThat(b.ownership.status().owned()).isEqualTo(BucketSet.of(BUCKET));
        assertThat(a.ownership.status().releases()).isEmpty();
    }

    @Test
    void aTenureIsInvalidAsSoonAsTheApplicationHasLetGo() {
        VirtualServer a = server("a");
        server("b");
        assign("a");
        CompletableFuture<Void> unloaded = a.holdBackUnloading(BUCKET);
        assign("b", BUCKET);
        Tenure tenure = Objects.requireNonNull(a.tenures.get(BUCKET));
        assertThat(tenure.isValid()).isTrue();

        unloaded.complete(null);

        assertThat(tenure.isValid()).isFalse();
    }

    @Test
    void asksAgainWhenTheApplicationCouldNotUnload() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        a.failUnloading(BUCKET, 2);

        assign("b", BUCKET);
        assertThat(b.ownership.status().owned().contains(BUCKET)).isFalse();
        cluster.advance(Duration.ofSeconds(3));

        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing", "releasing", "releasing");
        assertThat(b.ownership.status().owned()).isEqualTo(BucketSet.of(BUCKET));
    }

    @Test
    void aBucketThatComesBackIsAnotherTenure() {
        VirtualServer a = server("a");
        server("b");
        assign("a");
        long first = a.ownership.enter(OTHER).fencingToken();

        assign("b", BUCKET);
        assign("a", BUCKET);

        assertThat(a.ownership.enter(BUCKET).fencingToken()).isGreaterThan(first);
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing", "acquired");
    }

    @Test
    void theRouterShowsTheHandOver() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        CompletableFuture<Void> unloaded = a.holdBackUnloading(BUCKET);

        assign("b", BUCKET);

        assertThat(b.router.view(BUCKET).isChangingHands()).isTrue();
        assertThat(b.router.view(BUCKET).heldBy()).isEqualTo("a");
        assertThat(b.router.view(BUCKET).assignedTo()).isEqualTo(VirtualCluster.node("b"));

        unloaded.complete(null);
        cluster.advance(Duration.ZERO);

        assertThat(b.router.view(BUCKET).isChangingHands()).isFalse();
        assertThat(b.router.view(BUCKET).heldBy()).isEqualTo("b");
    }

    // --- waiting ----------------------------------------------------------------------------------------------------

    @Test
    void waitsForABucketThatIsAboutToBeOwned() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        CompletableFuture<Void> unloaded = a.holdBackUnloading(BUCKET);
        assign("b", BUCKET);

        var guard = b.ownership.enterAsync(BUCKET, SOME_TIME).toCompletableFuture();
        cluster.advance(Duration.ofSeconds(29));
        assertThat(guard).isNotDone();
        unloaded.complete(null);
        cluster.advance(Duration.ZERO);

        assertThat(guard.join().isValid()).isTrue();
    }

    @Test
    void refusesWhoWaitedInVain() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        CompletableFuture<Void> never = a.holdBackUnloading(BUCKET);
        assign("b", BUCKET);

        var guard = b.ownership.enterAsync(BUCKET, SOME_TIME).toCompletableFuture();
        cluster.advance(SOME_TIME);

        assertThat(never).isNotDone();
        assertThat(guard).isCompletedExceptionally();
    }

    @Test
    void refusesWhoWaitsAsSoonAsTheBucketGoesElsewhere() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        CompletableFuture<Void> never = a.holdBackUnloading(BUCKET);
        assign("b", BUCKET);
        var guard = b.ownership.enterAsync(BUCKET, SOME_TIME).toCompletableFuture();

        assign("c", BUCKET);

        assertThat(never).isNotDone();
        assertThat(guard).isCompletedExceptionally();
    }

    @Test
    void losesNoGuardWhenWhoWaitedHasGivenUp() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        CompletableFuture<Void> unloaded = a.holdBackUnloading(BUCKET);
        assign("b", BUCKET);
        b.ownership.enterAsync(BUCKET, SOME_TIME).toCompletableFuture().cancel(false);

        unloaded.complete(null);
        cluster.advance(Duration.ZERO);
        assign("a", BUCKET);

        assertThat(a.ownership.enter(BUCKET).isValid()).isTrue();
    }

    @Test
    void waitsForTheFirstAssignment() {
        VirtualServer a = server("a");

        var guard = a.ownership.enterAsync(BUCKET, SOME_TIME).toCompletableFuture();
        assign("a");

        assertThat(guard.join().isValid()).isTrue();
    }

    // --- loss -------------------------------------------------------------------------------------------------------

    @Test
    void guardsTurnInvalidBeforeTheLeaseCanExpire() {
        VirtualServer a = server("a");
        assign("a");
        Guard guard = a.ownership.enter(BUCKET);

        a.process.client().faults().cut(Direction.BOTH);
        boolean validWhileClaimed = false;
        boolean validAfterwards = false;
        for (int second = 0; second < 200; second++) {
            cluster.advance(Duration.ofSeconds(1));
            boolean claimed = !cluster.keys(KEYS.claim(BUCKET)).isEmpty();
            validWhileClaimed |= claimed && guard.isValid();
            validAfterwards |= !claimed && guard.isValid();
        }

        assertThat(validWhileClaimed).isTrue();
        assertThat(validAfterwards).isFalse();
    }

    @Test
    void aPausedProcessFindsItsGuardsInvalidWithoutRunningAnyOtherCode() {
        VirtualServer a = server("a");
        assign("a");
        Guard guard = a.ownership.enter(BUCKET);

        a.process.link().loop().close();
        cluster.advance(Duration.ofSeconds(90));

        assertThat(guard.isValid()).isFalse();
        assertThatThrownBy(() -> a.ownership.enter(BUCKET)).isInstanceOf(NotOwnerException.class);
    }

    @Test
    void tellsTheApplicationOfTheLossAndClaimsAnew() {
        VirtualServer a = server("a");
        assign("a");
        long before = a.ownership.enter(BUCKET).fencingToken();
        a.process.client().faults().cut(Direction.BOTH);
        cluster.advance(Duration.ofSeconds(100));

        a.process.client().faults().heal();
        cluster.advance(SOME_TIME);

        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "lost", "acquired");
        assertThat(a.ownership.enter(BUCKET).fencingToken()).isGreaterThan(before);
    }

    @Test
    void aShortOutageTakesNothingAway() {
        VirtualServer a = server("a");
        assign("a");
        Guard guard = a.ownership.enter(BUCKET);

        cluster.store.stop();
        cluster.advance(Duration.ofSeconds(50));
        cluster.store.start();
        cluster.advance(SOME_TIME);

        assertThat(guard.isValid()).isTrue();
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired");
    }

    @Test
    void aClaimThatWasDeletedByHandIsLost() {
        VirtualServer a = server("a");
        assign("a");
        Guard guard = a.ownership.enter(BUCKET);

        cluster.write(Transaction.builder().delete(KEYS.claim(BUCKET)).build());

        assertThat(guard.isValid()).isFalse();
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "lost", "acquired");
        assertThat(a.ownership.enter(BUCKET).fencingToken()).isGreaterThan(guard.fencingToken());
    }

    @Test
    void nothingIsLostWhileTheAssignmentIsMissing() {
        VirtualServer a = server("a");
        assign("a");

        cluster.write(Transaction.builder().delete(KEYS.assignment()).build());

        assertThat(a.ownership.enter(BUCKET).isValid()).isTrue();
    }

    // --- a store that loses writes ----------------------------------------------------------------------------------

    @Test
    void aClaimThatTheStoreLostIsLostAndMadeAnewWithALargerToken() {
        VirtualServer a = server("a");
        cluster.store.pauseReplication();
        assign("a");
        Guard before = a.ownership.enter(BUCKET);

        cluster.store.failOver();
        cluster.advance(SOME_TIME);
        assign("a");

        assertThat(before.isValid()).isFalse();
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "lost", "acquired");
        assertThat(a.ownership.enter(BUCKET).fencingToken()).isGreaterThan(before.fencingToken());
    }

    @Test
    void aReleasedClaimThatTheStoreBringsBackIsGivenBackAndNotUsedAgain() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        cluster.store.pauseReplication();
        assign("b");
        long tokenOfB = b.ownership.enter(BUCKET).fencingToken();

        cluster.store.failOver();
        cluster.advance(SOME_TIME);

        assertThat(a.ownership.enter(BUCKET).fencingToken()).isGreaterThan(tokenOfB);
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing", "acquired");
        assertThat(b.callsFor(BUCKET)).containsExactly("acquired", "lost");
    }

    @Test
    void anAnswerThatTellsOfAClaimThatWasLostBeforeItArrivedIsNotBelieved() {
        VirtualServer a = server("a");
        Faults network = a.process.client().faults();
        network.slow(Direction.TO_STORE, Duration.ofSeconds(1));
        assign("a", BUCKET);
        cluster.store.pauseReplication();
        network.slow(Direction.TO_STORE, Duration.ZERO);
        network.slow(Direction.FROM_STORE, Duration.ofSeconds(3));
        network.breakContractByOmittingNextWatchEvent();
        cluster.advance(Duration.ofSeconds(1));
        long lost = cluster.entry(KEYS.claim(BUCKET)).createRevision();
        network.slow(Direction.FROM_STORE, Duration.ZERO);

        cluster.store.failOver();
        cluster.advance(SOME_TIME);

        assertThat(a.callsFor(BUCKET)).containsExactly("acquired");
        assertThat(a.ownership.enter(BUCKET).fencingToken())
                .isEqualTo(cluster.entry(KEYS.claim(BUCKET)).createRevision())
                .isGreaterThan(lost);
    }

    @Test
    void whoLeavesSaysSoAgainWhenTheStoreLostIt() {
        VirtualServer a = server("a");
        server("b");
        pretendThereIsAMonitor();
        assign("a");
        cluster.store.pauseReplication();
        a.ownership.leave();
        cluster.advance(Duration.ofSeconds(1));

        cluster.store.failOver();
        cluster.advance(SOME_TIME);

        assertThat(cluster.keys(KEYS.leaving("a"))).hasSize(1);
    }

    @Test
    void whoLeavesGoesOnServingWhenAWatchEndsAndTheStoreAnswersNoWrite() {
        VirtualServer a = server("a");
        server("b");
        pretendThereIsAMonitor();
        assign("a");
        a.ownership.leave();
        cluster.advance(Duration.ofSeconds(1));

        a.process.client().faults().dropWatches();
        a.process.client().faults().loseNextCommitAnswer();
        cluster.advance(Duration.ofSeconds(10));

        assertThat(a.ownership.status().owned()).isEqualTo(BucketSet.ALL);
    }

    // --- what the listener is told ----------------------------------------------------------------------------------

    @Test
    void givesOutNoGuardBeforeTheListenerKnows() {
        VirtualServer a = server("a");
        List<Throwable> refusals = new ArrayList<>();
        a.onAcquired = tenure -> refusals.add(catchThrowable(() -> a.ownership.enter(tenure.bucket())));

        assign("a");

        assertThat(refusals).hasSize(Bucket.COUNT).hasOnlyElementsOfType(NotOwnerException.class);
        assertThat(a.ownership.enter(BUCKET).isValid()).isTrue();
    }

    @Test
    void aListenerThatThrowsHoldsUpNothing() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        a.onAcquired = tenure -> {
            throw new IllegalStateException("cannot load");
        };

        assign("a");
        assign("b", BUCKET);

        assertThat(b.ownership.enter(BUCKET).isValid()).isTrue();
        assertThat(a.ownership.enter(OTHER).isValid()).isTrue();
    }

    @Test
    void isToldOfALossDuringAReleaseAndNotAskedToReleaseAgain() {
        VirtualServer a = server("a");
        server("b");
        assign("a");
        CompletableFuture<Void> unloaded = a.holdBackUnloading(BUCKET);
        assign("b", BUCKET);

        a.process.client().faults().cut(Direction.BOTH);
        cluster.advance(Duration.ofSeconds(100));
        unloaded.complete(null);
        cluster.advance(SOME_TIME);

        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing", "lost");
    }

    // --- releases that hang -----------------------------------------------------------------------------------------

    @Test
    void anOperatorEndsAReleaseThatHangs() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        Guard guard = a.ownership.enter(BUCKET);
        assign("b", BUCKET);

        force(BUCKET, guard.fencingToken());

        assertThat(guard.isValid()).isFalse();
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "lost");
        assertThat(b.ownership.enter(BUCKET).fencingToken()).isGreaterThan(guard.fencingToken());
        assertThat(cluster.keys(KEYS.forcedReleases())).isEmpty();
    }

    @Test
    void aStaleCommandDoesNotHitALaterClaim() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        long former = a.ownership.enter(OTHER).fencingToken();
        assign("b", BUCKET);
        assign("a", BUCKET);
        CompletableFuture<Void> unloaded = a.holdBackUnloading(BUCKET);
        assign("b", BUCKET);

        force(BUCKET, former);

        assertThat(unloaded).isNotDone();
        assertThat(a.callsFor(BUCKET)).doesNotContain("lost");
        assertThat(b.ownership.status().owned().contains(BUCKET)).isFalse();
    }

    @Test
    void nobodyForcesAnOwnerWhoseBucketIsNotReleased() {
        VirtualServer a = server("a");
        assign("a");
        Guard guard = a.ownership.enter(BUCKET);

        force(BUCKET, guard.fencingToken());

        assertThat(guard.isValid()).isTrue();
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired");
    }

    // --- leaving ----------------------------------------------------------------------------------------------------

    @Test
    void whoLeavesAloneUnloadsEverythingAtOnce() {
        VirtualServer a = server("a");
        assign("a");

        var left = a.ownership.leave().toCompletableFuture();
        cluster.advance(Duration.ZERO);

        assertThat(left.join()).isEqualTo(BucketSet.EMPTY);
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing");
        assertThat(a.ownership.status().owned()).isEqualTo(BucketSet.EMPTY);
    }

    @Test
    void whoLeavesServesUntilItsBucketsAreMoved() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        pretendThereIsAMonitor();
        assign("a");

        var left = a.ownership.leave().toCompletableFuture();
        cluster.advance(Duration.ofSeconds(10));

        assertThat(cluster.entry(KEYS.leaving("a")).leaseId())
                .isEqualTo(cluster.entry(KEYS.node("a")).leaseId());
        try (Guard guard = a.ownership.enter(OTHER)) {
            assertThat(guard.isValid()).isTrue();
        }
        assertThat(left).isNotDone();

        assign("b");

        assertThat(left.join()).isEqualTo(BucketSet.EMPTY);
        assertThat(b.ownership.status().owned()).isEqualTo(BucketSet.ALL);
    }

    @Test
    void whoLeavesWaitsForTheOthersOnlySoLong() {
        VirtualServer a = server("a");
        server("b");
        pretendThereIsAMonitor();
        assign("a");

        var left = a.ownership.leave().toCompletableFuture();
        cluster.advance(OwnershipSettings.DEFAULT.leaveTimeout());

        assertThat(left.join()).isEqualTo(BucketSet.EMPTY);
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing");
    }

    @Test
    void whoLeavesWhileTheStoreIsAwayDoesNotWaitForTheOthers() {
        VirtualServer a = server("a");
        server("b");
        pretendThereIsAMonitor();
        assign("a");
        a.process.client().faults().cut(Direction.BOTH);

        var left = a.ownership.leave().toCompletableFuture();
        cluster.advance(Duration.ofSeconds(5));

        assertThat(left.join()).isEqualTo(BucketSet.EMPTY);
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing");
    }

    @Test
    void whatWasNotUnloadedInTimeKeepsItsClaim() {
        VirtualServer a = server("a");
        assign("a");
        CompletableFuture<Void> unloaded = a.holdBackUnloading(BUCKET);

        var left = a.ownership.leave().toCompletableFuture();
        cluster.advance(OwnershipSettings.DEFAULT.leaveTimeout());

        assertThat(unloaded).isNotDone();
        assertThat(left.join()).isEqualTo(BucketSet.of(BUCKET));
        assertThat(cluster.keys(KEYS.claims()).keySet()).containsExactly(KEYS.claim(BUCKET));
    }

    @Test
    void whatIsLeftToExpireIsClaimedByOthersOnlyWhenNoGuardCanBeValid() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        CompletableFuture<Void> unloaded = a.holdBackUnloading(BUCKET);
        var left = a.ownership.leave().toCompletableFuture();
        cluster.advance(OwnershipSettings.DEFAULT.leaveTimeout());
        assertThat(left.join()).isEqualTo(BucketSet.of(BUCKET));
        Tenure tenure = Objects.requireNonNull(a.tenures.get(BUCKET));
        assertThat(tenure.isValid()).isTrue();

        a.registry.leaveToExpire();
        a.ownership.stop();
        assign("b");
        boolean bothAtOnce = false;
        for (int second = 0; second < 120; second++) {
            cluster.advance(Duration.ofSeconds(1));
            bothAtOnce |= tenure.isValid() && b.ownership.status().owned().contains(BUCKET);
        }

        assertThat(unloaded).isNotDone();
        assertThat(bothAtOnce).isFalse();
        assertThat(b.ownership.status().owned()).isEqualTo(BucketSet.ALL);
    }

    // --- a store that is away ---------------------------------------------------------------------------------------

    @Test
    void stopsServingWhenTheStoreIsAwayPastTheDeadline() {
        VirtualServer a = server("a");
        assign("a");
        Guard guard = a.ownership.enter(BUCKET);

        cluster.store.stop();
        cluster.advance(Duration.ofSeconds(90));

        assertThat(guard.isValid()).isFalse();
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "lost");
    }

    @Test
    void goesOnServingIfItsStorageComparesTokens() {
        VirtualServer a = server("a", KEEP_SERVING);
        assign("a");

        cluster.store.stop();
        cluster.advance(Duration.ofHours(1));

        assertThat(a.ownership.enter(BUCKET).isValid()).isTrue();
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired");
    }

    @Test
    void whoWentOnUnloadsAndClaimsAnewWhenTheStoreIsBackAndNobodyElseOwns() {
        VirtualServer a = server("a", KEEP_SERVING);
        assign("a");
        cluster.store.stop();
        cluster.advance(Duration.ofHours(1));

        cluster.store.start();
        cluster.advance(Duration.ofMinutes(2));

        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing", "acquired");
        assertThat(a.ownership.enter(BUCKET).isValid()).isTrue();
    }

    @Test
    void whoWentOnLosesWhatAnotherOwns() {
        VirtualServer a = server("a", KEEP_SERVING);
        VirtualServer b = server("b", KEEP_SERVING);
        assign("a");
        Guard guard = a.ownership.enter(BUCKET);
        a.process.client().faults().cut(Direction.BOTH);
        cluster.advance(Duration.ofSeconds(100));
        assign("b", BUCKET);
        assertThat(b.ownership.enter(BUCKET).fencingToken()).isGreaterThan(guard.fencingToken());
        assertThat(guard.isValid()).isTrue();

        a.process.client().faults().heal();
        cluster.advance(SOME_TIME);

        assertThat(guard.isValid()).isFalse();
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "lost");
    }

    @Test
    void whoWentOnAndCannotFlushLosesWhatHasNoClaim() {
        VirtualServer a = server("a", KEEP_SERVING);
        assign("a");
        a.failUnloading(BUCKET, 1);
        cluster.store.stop();
        cluster.advance(Duration.ofHours(1));

        cluster.store.start();
        cluster.advance(Duration.ofMinutes(2));

        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing", "lost", "acquired");
    }

    @Test
    void whoWentOnAndNeverUnloadsLosesWhatHasNoClaim() {
        VirtualServer a = server("a", KEEP_SERVING);
        assign("a");
        CompletableFuture<Void> never = a.holdBackUnloading(BUCKET);
        cluster.store.stop();
        cluster.advance(Duration.ofHours(1));

        cluster.store.start();
        cluster.advance(Duration.ofMinutes(2));

        assertThat(never).isNotDone();
        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing", "lost", "acquired");
    }

    @Test
    void whoWentOnStopsServingWhenItIsStopped() {
        VirtualServer a = server("a", KEEP_SERVING);
        assign("a");
        Guard guard = a.ownership.enter(BUCKET);

        a.ownership.stop();
        cluster.advance(Duration.ZERO);

        assertThat(guard.isValid()).isFalse();
    }

    // --- misuse and late calls --------------------------------------------------------------------------------------

    @Test
    void anApplicationThatAnswersWithNullIsAskedAgain() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        assign("a");
        a.answersWithNull = true;

        assign("b", BUCKET);
        cluster.advance(Duration.ofSeconds(2));

        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "releasing", "releasing");
        assertThat(b.ownership.enter(BUCKET).isValid()).isTrue();
    }

    @Test
    void nothingIsFlushedWhenTheCallComesAfterTheDeadline() {
        VirtualServer a = server("a");
        server("b");
        assign("a");
        a.workers.pause();
        assign("b", BUCKET);
        a.process.client().faults().cut(Direction.BOTH);
        cluster.advance(Duration.ofSeconds(100));

        a.workers.resume();
        cluster.advance(Duration.ofSeconds(1));

        assertThat(a.callsFor(BUCKET)).containsExactly("acquired", "lost");
    }

    @Test
    void whoStopsWithoutHavingLeftKeepsItsClaims() {
        VirtualServer a = server("a");
        assign("a");

        a.ownership.stop();
        var left = a.ownership.leave().toCompletableFuture();
        cluster.advance(Duration.ZERO);

        assertThat(left.join()).isEqualTo(BucketSet.ALL);
    }

    @Test
    void refusesAtOnceWhoAsksAfterTheEnd() {
        VirtualServer a = server("a");
        assign("a");
        a.ownership.stop();
        cluster.advance(Duration.ZERO);

        var guard = a.ownership.enterAsync(BUCKET, SOME_TIME).toCompletableFuture();
        cluster.advance(Duration.ZERO);

        assertThat(guard).isCompletedExceptionally();
    }

    @Test
    void waitsForEverIfToldSo() {
        VirtualServer a = server("a");

        var guard =
                a.ownership.enterAsync(BUCKET, ChronoUnit.FOREVER.getDuration()).toCompletableFuture();
        cluster.advance(Duration.ofDays(1));
        assertThat(guard).isNotDone();
        assign("a");

        assertThat(guard.join().isValid()).isTrue();
    }

    @Test
    void anOperatorEndsAnAcquisitionThatHangs() {
        VirtualServer a = server("a");
        VirtualServer b = server("b");
        a.workers.pause();
        assign("a");
        assign("b", BUCKET);
        long token = cluster.entry(KEYS.claim(BUCKET)).createRevision();
        assertThat(a.ownership.status().releases())
                .extracting(OwnershipStatus.Release::phase)
                .containsExactly(OwnershipStatus.ReleasePhase.ACQUIRING);

        force(BUCKET, token);

        assertThat(b.ownership.enter(BUCKET).isValid()).isTrue();
    }

    // --- tokens -----------------------------------------------------------------------------------------------------

    @Test
    void tokensGrowAlsoWhenThePrefixIsDeletedByHand() {
        VirtualServer a = server("a");
        assign("a");
        long before = a.ownership.enter(BUCKET).fencingToken();

        Transaction.Builder everything = Transaction.builder();
        cluster.keys(KEYS.prefix()).keySet().stream().limit(100).forEach(everything::delete);
        cluster.write(everything.build());
        for (int i = 0; i < 3; i++) {
            Transaction.Builder more = Transaction.builder();
            cluster.keys(KEYS.prefix()).keySet().stream().limit(100).forEach(more::delete);
            more.delete(KEYS.assignment());
            cluster.write(more.build());
        }
        cluster.advance(SOME_TIME);
        assign("a");
        cluster.advance(SOME_TIME);

        assertThat(a.ownership.enter(BUCKET).fencingToken()).isGreaterThan(before);
    }

    private VirtualServer server(String nodeId) {
        return server(nodeId, OwnershipSettings.DEFAULT);
    }

    private VirtualServer server(String nodeId, OwnershipSettings settings) {
        VirtualServer server = new VirtualServer(cluster, nodeId, settings);
        cluster.advance(Duration.ZERO);
        return server;
    }

    private void assign(String nodeId, Bucket... buckets) {
        Map<Bucket, String> table = new HashMap<>();
        Assignment before = cluster.assignment();
        BucketSet moving = buckets.length == 0 ? BucketSet.ALL : BucketSet.of(buckets);
        for (Bucket bucket : BucketSet.ALL) {
            String owner = moving.contains(bucket) ? nodeId : before.nodeOf(bucket);
            if (owner != null) {
                table.put(bucket, owner);
            }
        }
        cluster.write(Transaction.builder()
                .put(
                        KEYS.assignment(),
                        Assignment.of(before.version() + 1, table).toJson())
                .build());
        cluster.advance(Duration.ZERO);
    }

    private void force(Bucket bucket, long token) {
        cluster.write(Transaction.builder()
                .put(KEYS.forcedRelease(bucket), "{\"token\":" + token + "}")
                .build());
        cluster.advance(Duration.ZERO);
    }

    private void pretendThereIsAMonitor() {
        cluster.write(Transaction.builder().put(KEYS.monitor(), "{}").build());
    }

    private long assignmentRevision() {
        return cluster.entry(KEYS.assignment()).modRevision();
    }

    private static NotOwner refusalOf(VirtualServer server) {
        NotOwnerException refused = catchThrowableOfType(NotOwnerException.class, () -> server.ownership.enter(BUCKET));
        return refused.refusal();
    }
}
