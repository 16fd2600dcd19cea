package org.bucketkeeper.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.bucketkeeper.internal.session.SessionAction.Claim;
import org.bucketkeeper.internal.session.SessionAction.Grant;
import org.bucketkeeper.internal.session.SessionAction.KeepAlive;
import org.bucketkeeper.internal.session.SessionAction.ReadKey;
import org.bucketkeeper.internal.session.SessionAction.RefreshCopy;
import org.bucketkeeper.internal.session.SessionAction.Revoke;
import org.bucketkeeper.internal.session.SessionAction.TellAcquired;
import org.bucketkeeper.internal.session.SessionAction.TellClosed;
import org.bucketkeeper.internal.session.SessionAction.TellContended;
import org.bucketkeeper.internal.session.SessionAction.TellDeadline;
import org.bucketkeeper.internal.session.SessionAction.TellGaveUp;
import org.bucketkeeper.internal.session.SessionAction.TellLost;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Condition;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.junit.jupiter.api.Test;

class SessionMachineTest {

    private static final String KEY = "/cluster/nodes/a";
    private static final Duration TTL = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** 90 s less 1 % and 1 s. */
    private static final Duration VALID = Duration.ofMillis(88_100);

    /** Lets everything that may come early come as late as it may. */
    private static final RandomGenerator LATEST = () -> 0;

    private SessionMachine machine = machine(PATIENCE, LATEST);
    private final List<SessionAction> actions = new ArrayList<>();
    private long now = Duration.ofHours(1).toNanos();
    private long lastGrant;

    @Test
    void asksForALeaseAndClaimsTheKeyIfItIsAbsent() {
        send(new SessionEvent.Started());
        Grant grant = only(Grant.class);
        send(new SessionEvent.Granted(grant.attempt(), new Lease(7, TTL)));

        Claim claim = only(Claim.class);
        assertThat(grant.ttl()).isEqualTo(TTL);
        assertThat(claim.transaction().conditions()).containsExactly(new Condition.Absent(KEY));
        assertThat(claim.transaction().operations())
                .containsExactly(new org.bucketkeeper.store.Operation.Put(KEY, "value-7", 7));
    }

    @Test
    void holdsTheKeyWhenTheClaimIsCommitted() {
        establish(7, 100);

        assertThat(only(TellAcquired.class).held()).isEqualTo(new Held(7, TTL, 100));
    }

    @Test
    void countsTheFirstDeadlineFromWhenTheLeaseWasAskedFor() {
        long askedAt = now;
        send(new SessionEvent.Started());
        pass(Duration.ofSeconds(3));
        send(new SessionEvent.Granted(only(Grant.class).attempt(), new Lease(7, TTL)));
        send(new SessionEvent.ClaimAnswered(7, new CommitResult.Committed(100)));

        assertThat(only(TellDeadline.class).deadline()).isEqualTo(askedAt + VALID.toNanos());
    }

    @Test
    void countsADeadlineFromWhenTheRenewalWasSentNotAnswered() {
        establish(7, 100);
        KeepAlive renewal = awaitRenewal();
        pass(Duration.ofSeconds(2));
        actions.clear();

        send(new SessionEvent.KeptAlive(7, renewal.sentAt(), new KeepAliveResult.Renewed(TTL)));

        assertThat(only(TellDeadline.class).deadline()).isEqualTo(renewal.sentAt() + VALID.toNanos());
    }

    @Test
    void usesTheTimeToLiveThatTheStoreGranted() {
        long askedAt = now;
        send(new SessionEvent.Started());
        send(new SessionEvent.Granted(only(Grant.class).attempt(), new Lease(7, Duration.ofSeconds(20))));
        send(new SessionEvent.ClaimAnswered(7, new CommitResult.Committed(100)));

        assertThat(only(TellDeadline.class).deadline())
                .isEqualTo(askedAt + Duration.ofMillis(18_800).toNanos());
    }

    @Test
    void renewsWellBeforeTheDeadline() {
        establish(7, 100);

        KeepAlive renewal = awaitRenewal();

        assertThat(renewal.sentAt() - establishedAt()).isEqualTo(VALID.toNanos() / 3);
    }

    @Test
    void renewsAtARandomTimeButNeverLaterThanItHasTo() {
        for (int seed = 0; seed < 500; seed++) {
            machine = machine(PATIENCE, new SplittableRandom(seed));
            now = Duration.ofHours(1).toNanos();
            actions.clear();
            establish(7, 100);
            long last = now;

            for (int i = 0; i < 5; i++) {
                actions.removeIf(KeepAlive.class::isInstance);
                KeepAlive renewal = awaitRenewal();
                send(new SessionEvent.KeptAlive(7, renewal.sentAt(), new KeepAliveResult.Renewed(TTL)));

                assertThat(renewal.sentAt() - last)
                        .as("seed %d, renewal %d", seed, i)
                        .isBetween(
                                i == 0 ? Duration.ofMillis(250).toNanos() : VALID.toNanos() * 7 / 24,
                                VALID.toNanos() / 3);
                last = renewal.sentAt();
            }
        }
    }

    @Test
    void repeatsARenewalWithoutAnAnswerAtTheLatestAfterThreeSeconds() {
        machine = machine(PATIENCE, new SplittableRandom(1));
        establish(7, 100);
        long last = awaitRenewal().sentAt();

        for (int i = 0; i < 15; i++) {
            actions.removeIf(KeepAlive.class::isInstance);
            KeepAlive renewal = awaitRenewal();

            assertThat(Duration.ofNanos(renewal.sentAt() - last))
                    .isBetween(Duration.ofMillis(2_625), Duration.ofSeconds(3));
            last = renewal.sentAt();
        }
    }

    @Test
    void givesNothingUpWhenRenewalsFailUntilTheDeadline() {
        establish(7, 100);
        long deadline = only(TellDeadline.class).deadline();

        passUntil(deadline - 1);

        assertThat(all(KeepAlive.class)).hasSizeGreaterThan(5);
        assertThat(all(TellLost.class)).isEmpty();
    }

    @Test
    void isLostAtTheDeadlineWithoutAWordFromTheStore() {
        establish(7, 100);

        passUntil(only(TellDeadline.class).deadline());

        assertThat(only(TellLost.class).reason()).isEqualTo(LossReason.DEADLINE_PASSED);
    }

    @Test
    void anAnswerToAnEarlierRenewalStillCounts() {
        establish(7, 100);
        KeepAlive first = awaitRenewal();
        actions.clear();
        awaitRenewal();
        actions.clear();

        send(new SessionEvent.KeptAlive(7, first.sentAt(), new KeepAliveResult.Renewed(TTL)));

        assertThat(only(TellDeadline.class).deadline()).isEqualTo(first.sentAt() + VALID.toNanos());
    }

    @Test
    void aLateAnswerToAnOldRenewalDoesNotMoveTheDeadlineBack() {
        establish(7, 100);
        KeepAlive first = awaitRenewal();
        actions.clear();
        KeepAlive second = awaitRenewal();
        send(new SessionEvent.KeptAlive(7, second.sentAt(), new KeepAliveResult.Renewed(TTL)));
        actions.clear();

        send(new SessionEvent.KeptAlive(7, first.sentAt(), new KeepAliveResult.Renewed(TTL)));

        assertThat(all(TellDeadline.class)).isEmpty();
    }

    @Test
    void isLostAtOnceWhenTheStoreSaysThatTheLeaseIsGone() {
        establish(7, 100);
        KeepAlive renewal = awaitRenewal();

        send(new SessionEvent.KeptAlive(7, renewal.sentAt(), new KeepAliveResult.Expired()));

        assertThat(only(TellLost.class).reason()).isEqualTo(LossReason.LEASE_EXPIRED);
    }

    @Test
    void isLostWhenTheKeyIsDeleted() {
        establish(7, 100);

        send(new SessionEvent.KeyObserved(null, 101));

        assertThat(only(TellLost.class).reason()).isEqualTo(LossReason.KEY_TAKEN_AWAY);
    }

    @Test
    void isLostWhenTheKeyBelongsToAnotherLease() {
        establish(7, 100);

        send(new SessionEvent.KeyObserved(entry(8, 101), 101));

        assertThat(only(TellLost.class).reason()).isEqualTo(LossReason.KEY_TAKEN_AWAY);
    }

    @Test
    void isNotMisledByAMirrorThatIsBehindTheClaim() {
        establish(7, 100);

        send(new SessionEvent.KeyObserved(null, 99));

        assertThat(all(TellLost.class)).isEmpty();
    }

    @Test
    void startsOverWithANewLeaseAfterALoss() {
        establish(7, 100);
        actions.clear();
        send(new SessionEvent.KeyObserved(null, 101));
        pass(Duration.ofMillis(500));
        send(new SessionEvent.Granted(only(Grant.class).attempt(), new Lease(9, TTL)));
        send(new SessionEvent.ClaimAnswered(9, new CommitResult.Committed(110)));

        assertThat(only(TellAcquired.class).held()).isEqualTo(new Held(9, TTL, 110));
    }

    @Test
    void takesOverItsOwnKeyInPlaceAfterTheDeadlinePassed() {
        establish(7, 100);
        send(new SessionEvent.KeyObserved(entry(7, 100), 100));
        passUntil(only(TellDeadline.class).deadline());
        actions.clear();
        grantNext(9);

        assertThat(only(Claim.class).transaction().conditions()).containsExactly(new Condition.ModifiedAt(KEY, 100));
    }

    @Test
    void revokesItsFormerLeaseOnlyAfterTheTakeover() {
        establish(7, 100);
        send(new SessionEvent.KeyObserved(entry(7, 100), 100));
        passUntil(only(TellDeadline.class).deadline());
        actions.clear();
        grantNext(9);
        assertThat(all(Revoke.class)).isEmpty();

        send(new SessionEvent.ClaimAnswered(9, new CommitResult.Committed(110)));

        assertThat(only(Revoke.class).leaseId()).isEqualTo(7);
    }

    /** A store that went back to an earlier state brings up again what this session had before. */
    @Test
    void takesOverItsOwnKeyInPlaceUnderAnyLeaseThatItEverHad() {
        establish(7, 100);
        send(new SessionEvent.KeyObserved(null, 101));
        pass(Duration.ofMillis(500));
        grantNext(9);
        send(new SessionEvent.ClaimAnswered(9, new CommitResult.Committed(110)));
        pass(Duration.ofMillis(500));
        actions.clear();

        send(new SessionEvent.KeyObserved(entry(7, 100), 40_000));
        pass(Duration.ofMillis(500));
        grantNext(11);
        send(new SessionEvent.ClaimAnswered(11, new CommitResult.Committed(40_001)));

        assertThat(only(Claim.class).transaction().conditions()).containsExactly(new Condition.ModifiedAt(KEY, 100));
        assertThat(all(Revoke.class)).contains(new Revoke(7));
        assertThat(all(TellContended.class)).isEmpty();
    }

    @Test
    void doesNotWaitWhenItsOwnFormerKeyIsGoneBeforeItIsTakenOver() {
        establish(7, 100);
        send(new SessionEvent.KeyObserved(entry(7, 100), 100));
        passUntil(only(TellDeadline.class).deadline());
        grantNext(9);
        actions.clear();

        send(new SessionEvent.ClaimAnswered(9, new CommitResult.Rejected(120)));
        send(new SessionEvent.KeyRead(9, null, 120));

        assertThat(only(Claim.class).transaction().conditions()).containsExactly(new Condition.Absent(KEY));
        assertThat(all(TellContended.class)).isEmpty();
    }

    @Test
    void asksForLeasesAtAMeasuredPaceWhenItsKeyIsGoneAsSoonAsItIsHeld() {
        send(new SessionEvent.Started());
        for (int lost = 0; lost < 4; lost++) {
            grantNext(7 + lost);
            send(new SessionEvent.ClaimAnswered(7 + lost, new CommitResult.Committed(100 + lost)));
            send(new SessionEvent.KeyObserved(null, 1_000));
        }

        assertThat(all(Grant.class)).hasSize(1);
        pass(Duration.ofMillis(500));
        assertThat(all(Grant.class)).hasSize(2);
    }

    @Test
    void triesAtAMeasuredPaceWhenClaimsDoNotFindItsFormerKeyThatTheCopyShows() {
        establish(7, 100);
        send(new SessionEvent.KeyObserved(null, 101));
        send(new SessionEvent.KeyObserved(entry(7, 100), 40_000));
        pass(Duration.ofMillis(500));
        grantNext(9);
        actions.clear();

        send(new SessionEvent.ClaimAnswered(9, new CommitResult.Rejected(120)));
        send(new SessionEvent.KeyRead(9, null, 120));

        assertThat(all(Claim.class)).isEmpty();
        assertThat(all(RefreshCopy.class)).hasSize(1);
        pass(Duration.ofMillis(499));
        assertThat(all(Grant.class)).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(all(Grant.class)).hasSize(1);
    }

    @Test
    void neverOverridesAnotherProcessThatGotTheKeyAfterALoss() {
        establish(7, 100);
        send(new SessionEvent.KeyObserved(entry(8, 101), 101));
        pass(Duration.ofMillis(500));
        actions.clear();

        grantNext(9);

        assertThat(only(Claim.class).transaction().conditions()).containsExactly(new Condition.Absent(KEY));
        send(new SessionEvent.ClaimAnswered(9, new CommitResult.Rejected(101)));
        send(new SessionEvent.KeyRead(9, entry(8, 101), 101));
        assertThat(all(Claim.class)).hasSize(1);
        assertThat(all(Revoke.class)).doesNotContain(new Revoke(8));
        assertThat(only(TellContended.class).holder()).isEqualTo("value-8");
    }

    @Test
    void doesNotSitOutItsWaitWhenHistoryGoesBackToItsOwnFormerKey() {
        establish(7, 100);
        loseToLease8();
        actions.clear();

        send(new SessionEvent.HistoryWentBack(entry(7, 100), 50_000));
        pass(Duration.ofMillis(500));
        grantNext(11);

        assertThat(only(Claim.class).transaction().conditions()).containsExactly(new Condition.ModifiedAt(KEY, 100));
    }

    @Test
    void knowsItsOwnFormerKeyAlsoAfterManyTriesInVain() {
        establish(7, 100);
        loseToLease8();
        passWhileLease8Holds(Duration.ofHours(1));
        actions.clear();

        send(new SessionEvent.HistoryWentBack(entry(7, 100), 50_000));
        pass(Duration.ofMillis(500));
        grantNext(11);

        assertThat(only(Claim.class).transaction().conditions()).containsExactly(new Condition.ModifiedAt(KEY, 100));
    }

    @Test
    void readsTheKeyWhenAClaimHasNoAnswer() {
        send(new SessionEvent.Started());
        grantNext(7);

        send(new SessionEvent.ClaimAnswered(7, unknown()));

        assertThat(only(ReadKey.class).leaseId()).isEqualTo(7);
        assertThat(all(TellAcquired.class)).isEmpty();
    }

    @Test
    void holdsTheKeyIfAClaimWithoutAnAnswerTurnsOutToHaveBeenApplied() {
        send(new SessionEvent.Started());
        grantNext(7);
        send(new SessionEvent.ClaimAnswered(7, unknown()));

        send(new SessionEvent.KeyRead(7, entry(7, 104), 104));

        assertThat(only(TellAcquired.class).held()).isEqualTo(new Held(7, TTL, 104));
    }

    @Test
    void claimsAgainIfAClaimWithoutAnAnswerTurnsOutNotToHaveBeenApplied() {
        send(new SessionEvent.Started());
        grantNext(7);
        send(new SessionEvent.ClaimAnswered(7, unknown()));
        send(new SessionEvent.KeyRead(7, null, 103));
        actions.clear();

        pass(Duration.ofSeconds(1));
        grantNext(8);

        assertThat(only(Claim.class).leaseId()).isEqualTo(8);
    }

    @Test
    void waitsForAnotherHolderAndNeverHoldsBesideIt() {
        contendWithLease8();

        assertThat(only(TellContended.class).holder()).isEqualTo("value-8");
        assertThat(all(TellAcquired.class)).isEmpty();
    }

    @Test
    void givesItsLeaseBackWhileItWaits() {
        contendWithLease8();

        assertThat(only(Revoke.class).leaseId()).isEqualTo(7);
    }

    @Test
    void triesAtOnceWhenTheOtherHolderIsGone() {
        contendWithLease8();
        actions.clear();

        send(new SessionEvent.KeyObserved(null, 120));

        assertThat(all(Grant.class)).hasSize(1);
    }

    @Test
    void takesTheKeyOfADeadHolderOverInPlaceAndRevokesItsLease() {
        contendWithLease8();
        actions.clear();

        send(new SessionEvent.HolderProvenDead(entry(8, 99)));
        grantNext(9);

        assertThat(only(Claim.class).transaction().conditions()).containsExactly(new Condition.ModifiedAt(KEY, 99));
        send(new SessionEvent.ClaimAnswered(9, new CommitResult.Committed(130)));
        assertThat(only(TellAcquired.class).held().leaseId()).isEqualTo(9);
        assertThat(only(Revoke.class).leaseId()).isEqualTo(8);
    }

    @Test
    void aProofThatComesLateDoesNotHitALaterHolder() {
        contendWithLease8();
        send(new SessionEvent.KeyObserved(entry(10, 120), 120));
        actions.clear();

        send(new SessionEvent.HolderProvenDead(entry(8, 99)));

        assertThat(all(Grant.class)).isEmpty();
        assertThat(all(Revoke.class)).isEmpty();
    }

    @Test
    void staysLostWhenARenewalIsAnsweredAfterTheDeadline() {
        establish(7, 100);
        KeepAlive renewal = awaitRenewal();
        now += TTL.toNanos();
        actions.clear();

        send(new SessionEvent.KeptAlive(7, renewal.sentAt(), new KeepAliveResult.Renewed(TTL)));

        assertThat(only(TellLost.class).reason()).isEqualTo(LossReason.DEADLINE_PASSED);
        assertThat(all(TellDeadline.class)).isEmpty();
    }

    @Test
    void givesUpWhenItsPatienceIsOver() {
        contendWithLease8();
        long givesUpAt = now + PATIENCE.toNanos();
        while (now < givesUpAt) {
            pass(Duration.ofSeconds(1));
            if (!all(Grant.class).isEmpty()) {
                loseTheNextRace();
            }
        }

        assertThat(only(TellGaveUp.class).patience()).isEqualTo(PATIENCE);
        actions.clear();
        pass(Duration.ofHours(1));
        assertThat(actions).isEmpty();
    }

    /** Another process of the same name is a mistake to be told at the start; later it would end a server for good. */
    @Test
    void isPatientWithoutEndOnceItHasHeldTheKey() {
        establish(7, 100);
        loseToLease8();
        passWhileLease8Holds(PATIENCE.multipliedBy(3));

        assertThat(all(TellGaveUp.class)).isEmpty();
        send(new SessionEvent.KeyObserved(null, 200));
        grantNext(9);
        send(new SessionEvent.ClaimAnswered(9, new CommitResult.Committed(201)));
        assertThat(all(TellAcquired.class)).contains(new TellAcquired(new Held(9, TTL, 201)));
    }

    @Test
    void saysFromTimeToTimeThatItStillWaitsForTheKeyThatItHeld() {
        establish(7, 100);
        loseToLease8();
        actions.clear();

        passWhileLease8Holds(Duration.ofHours(1));

        assertThat(all(TellContended.class)).hasSizeBetween(10, 12);
    }

    /** A leader that was deposed stands by like all others. */
    @Test
    void saysOnceThatItWaitsForAKeyThatItAlwaysMeantToWaitFor() {
        machine = machine(SessionSettings.FOREVER, LATEST);
        establish(7, 100);
        loseToLease8();

        passWhileLease8Holds(Duration.ofHours(1));

        assertThat(all(TellContended.class)).hasSize(1);
    }

    @Test
    void dropsALeaseThatWasGrantedTooLateToBeOfUse() {
        send(new SessionEvent.Started());
        Grant grant = only(Grant.class);
        pass(VALID);
        actions.clear();

        send(new SessionEvent.Granted(grant.attempt(), new Lease(7, TTL)));

        assertThat(only(Revoke.class).leaseId()).isEqualTo(7);
        assertThat(all(TellAcquired.class)).isEmpty();
    }

    @Test
    void asksAgainWhenALeaseIsNotGranted() {
        send(new SessionEvent.Started());
        Grant grant = only(Grant.class);
        send(new SessionEvent.GrantFailed(grant.attempt(), new StoreException("away")));
        actions.clear();

        pass(Duration.ofSeconds(1));

        assertThat(all(Grant.class)).hasSize(1);
    }

    @Test
    void revokesTheLeaseOnClose() {
        establish(7, 100);
        actions.clear();

        send(new SessionEvent.CloseRequested());
        assertThat(only(Revoke.class).leaseId()).isEqualTo(7);
        assertThat(all(TellClosed.class)).isEmpty();
        send(new SessionEvent.Revoked(7, null));

        assertThat(all(TellClosed.class)).hasSize(1);
    }

    @Test
    void endsAlsoIfTheLeaseCannotBeRevoked() {
        establish(7, 100);
        send(new SessionEvent.CloseRequested());

        send(new SessionEvent.Revoked(7, new StoreException("away")));

        assertThat(only(TellClosed.class).revokeFailure()).hasMessage("away");
    }

    @Test
    void revokesALeaseThatIsGrantedAfterTheClose() {
        send(new SessionEvent.Started());
        Grant grant = only(Grant.class);
        send(new SessionEvent.CloseRequested());
        actions.clear();

        send(new SessionEvent.Granted(grant.attempt(), new Lease(7, TTL)));

        assertThat(only(Revoke.class).leaseId()).isEqualTo(7);
        assertThat(all(Claim.class)).isEmpty();
    }

    @Test
    void refusesATimeToLiveBelowTwoSeconds() {
        assertThatThrownBy(() -> new SessionSettings(Duration.ofSeconds(1), PATIENCE))
                .hasMessageContaining("at least 2")
                .hasMessageContaining("PT1S");
    }

    @Test
    void doesNotHoldAnOutageAgainstTheHolderOfTheKey() {
        contendWithLease8();
        actions.clear();
        pass(Duration.ofSeconds(30));
        for (int i = 0; i < 600; i++) {
            send(new SessionEvent.GrantFailed(lastGrant, new StoreException("away")));
            pass(Duration.ofMillis(500));
        }
        grantNext(11);
        send(new SessionEvent.ClaimAnswered(11, new CommitResult.Rejected(100)));
        send(new SessionEvent.KeyRead(11, entry(8, 99), 100));

        assertThat(all(TellGaveUp.class)).isEmpty();
    }

    @Test
    void isNotKeptWaitingByAReadThatIsOlderThanWhatItObserved() {
        send(new SessionEvent.Started());
        grantNext(7);
        send(new SessionEvent.ClaimAnswered(7, new CommitResult.Rejected(100)));
        send(new SessionEvent.KeyObserved(null, 105));
        send(new SessionEvent.KeyRead(7, entry(8, 99), 104));
        actions.clear();

        pass(Duration.ofSeconds(2));

        assertThat(all(Grant.class)).isNotEmpty();
    }

    @Test
    void isLostWhenHistoryWentBackToBeforeItsClaim() {
        establish(7, 100);

        send(new SessionEvent.HistoryWentBack(null, 50));

        assertThat(only(TellLost.class).reason()).isEqualTo(LossReason.KEY_TAKEN_AWAY);
    }

    @Test
    void revokesAlsoALeaseOfItsPastBeforeItIsClosed() {
        establish(7, 100);
        passUntil(only(TellDeadline.class).deadline());
        actions.clear();

        send(new SessionEvent.CloseRequested());
        assertThat(only(Revoke.class).leaseId()).isEqualTo(7);
        assertThat(all(TellClosed.class)).isEmpty();
        send(new SessionEvent.Revoked(7, null));

        assertThat(all(TellClosed.class)).hasSize(1);
    }

    private void contendWithLease8() {
        send(new SessionEvent.Started());
        grantNext(7);
        send(new SessionEvent.ClaimAnswered(7, new CommitResult.Rejected(100)));
        send(new SessionEvent.KeyRead(7, entry(8, 99), 100));
    }

    private void loseToLease8() {
        send(new SessionEvent.KeyObserved(entry(8, 99), 100));
        pass(Duration.ofMillis(500));
        loseTheNextRace();
    }

    private void passWhileLease8Holds(Duration duration) {
        long end = now + duration.toNanos();
        while (now < end) {
            pass(Duration.ofSeconds(1));
            if (!all(Grant.class).isEmpty()) {
                loseTheNextRace();
            }
        }
    }

    private void loseTheNextRace() {
        long lease = now;
        grantNext(lease);
        send(new SessionEvent.ClaimAnswered(lease, new CommitResult.Rejected(100)));
        send(new SessionEvent.KeyRead(lease, entry(8, 99), 100));
        actions.removeIf(action -> action instanceof Grant);
    }

    private static SessionMachine machine(Duration patience, RandomGenerator jitter) {
        return new SessionMachine(
                new SessionSettings(TTL, patience), HeldKeys.single(KEY, lease -> "value-" + lease), jitter);
    }

    private void establish(long leaseId, long revision) {
        send(new SessionEvent.Started());
        grantNext(leaseId);
        send(new SessionEvent.ClaimAnswered(leaseId, new CommitResult.Committed(revision)));
    }

    private long establishedAt() {
        return Duration.ofHours(1).toNanos();
    }

    private void grantNext(long leaseId) {
        send(new SessionEvent.Granted(lastGrant, new Lease(leaseId, TTL)));
    }

    private KeepAlive awaitRenewal() {
        while (all(KeepAlive.class).isEmpty()) {
            passUntil(now + machine.nanosToNextTick(now));
        }
        return only(KeepAlive.class);
    }

    private void send(SessionEvent event) {
        note(machine.onEvent(event, now));
    }

    private void note(List<SessionAction> newActions) {
        for (SessionAction action : newActions) {
            if (action instanceof Grant grant) {
                lastGrant = grant.attempt();
            }
        }
        actions.addAll(newActions);
    }

    private void pass(Duration duration) {
        passUntil(now + duration.toNanos());
    }

    private void passUntil(long time) {
        long next = machine.nanosToNextTick(now);
        while (next != SessionMachine.NEVER && now + next <= time) {
            now += Math.max(0, next);
            note(machine.onTick(now));
            next = machine.nanosToNextTick(now);
        }
        now = time;
    }

    private <A extends SessionAction> List<A> all(Class<A> type) {
        return actions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private <A extends SessionAction> A only(Class<A> type) {
        assertThat(all(type)).hasSize(1);
        return all(type).get(0);
    }

    private static Entry entry(long leaseId, long revision) {
        return new Entry(KEY, "value-" + leaseId, revision, revision, leaseId);
    }

    private static CommitResult unknown() {
        return new CommitResult.Unknown(new StoreException("no answer"));
    }
}
