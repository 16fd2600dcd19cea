package org.bucketkeeper.ownership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.driver.StateMachine;
import org.bucketkeeper.internal.cluster.ClaimValue;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Claims the buckets that are assigned to a node, one claim a bucket, and hands over those that are taken away.
 *
 * <p>A claim is a key under the node's lease. It is written by a transaction that compares that the assignment still
 * names this node, that nobody has a claim, and that the node's own registration stands; its create revision is the
 * fencing token. It is deleted only when no guard is open and the application has unloaded the bucket, or when an
 * operator forces it, in which case all guards are invalid before.
 *
 * <p>Nothing is concluded from silence: after a transaction without an answer the store is looked at, and a claim that
 * stands there under this session's lease is this node's, whether or not anybody answered. Views of the cluster that
 * are older than the store's answers are not believed.
 */
final class OwnershipMachine implements StateMachine<OwnershipEvent, OwnershipAction> {

    private static final long RETRY = Duration.ofMillis(100).toNanos();
    private static final int MOST_COMMITS_UNDER_WAY = 4;
    private static final int CONDITIONS_BESIDE_THE_CLAIMS = 2;

    private final String nodeId;
    private final Keyspace keys;
    private final OwnershipSettings settings;
    private final int maxTransactionOperations;
    private final BucketState[] buckets = new BucketState[Bucket.COUNT];
    private final Map<Long, Attempt> underWay = new HashMap<>();

    private @Nullable Held held;
    private @Nullable ClusterView view;
    private long commitNumber;
    private long awaitedRevision;
    private boolean refreshing;
    private long mayCommitAt;

    private boolean leaving;
    /** From this revision on views show that this node leaves; 0 unless that was announced. */
    private long announcedAt;

    private boolean announcing;
    private boolean releasingAll;
    private boolean left;
    private long leaveDeadline;

    private enum Purpose {
        CLAIM,
        UNCLAIM,
        ANNOUNCE_LEAVING
    }

    private record Attempt(Purpose purpose, long leaseId, List<BucketState> buckets) {}

    OwnershipMachine(String nodeId, Keyspace keys, OwnershipSettings settings, int maxTransactionOperations) {
        this.nodeId = nodeId;
        this.keys = keys;
        this.settings = settings;
        this.maxTransactionOperations = maxTransactionOperations;
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new BucketState(Bucket.of(i));
        }
    }

    /** Tells whether guards for {@code bucket} are given out, or may be soon: it is not known to be another's. */
    boolean expects(Bucket bucket) {
        ClusterView seen = view;
        if (left || releasingAll) {
            return false;
        }
        return seen == null
                || seen.assigned().contains(bucket)
                || seen.unassigned().contains(bucket);
    }

    /** Returns the buckets of which the application may hold something. */
    BucketSet loaded() {
        BucketSet loaded = BucketSet.EMPTY;
        for (BucketState state : buckets) {
            if (state.phase().isLoaded()) {
                loaded = loaded.with(state.bucket());
            }
        }
        return loaded;
    }

    OwnershipStatus status(long now) {
        BucketSet owned = BucketSet.EMPTY;
        BucketSet acquiring = BucketSet.EMPTY;
        List<OwnershipStatus.Release> releases = new ArrayList<>();
        for (BucketState state : buckets) {
            switch (state.phase()) {
                case OWNED -> owned = owned.with(state.bucket());
                case NOT_OWNED, CLAIMING, OPENING -> {
                    if (isWanted(state)) {
                        acquiring = acquiring.with(state.bucket());
                    } else if (state.phase() == Phase.OPENING) {
                        releases.add(release(state, OwnershipStatus.ReleasePhase.ACQUIRING, now));
                    }
                }
                case DRAINING -> releases.add(release(state, OwnershipStatus.ReleasePhase.DRAINING, now));
                case UNLOADING, UNLOAD_FAILED ->
                    releases.add(release(state, OwnershipStatus.ReleasePhase.FLUSHING, now));
                case UNLOADED, UNCLAIMING ->
                    releases.add(release(state, OwnershipStatus.ReleasePhase.DELETING_CLAIM, now));
            }
        }
        return new OwnershipStatus(owned, acquiring, releases);
    }

    private static OwnershipStatus.Release release(BucketState state, OwnershipStatus.ReleasePhase phase, long now) {
        return new OwnershipStatus.Release(state.bucket(), state.token(), phase, state.releaseAge(now));
    }

    @Override
    public List<OwnershipAction> onEvent(OwnershipEvent event, long now) {
        List<OwnershipAction> actions = new ArrayList<>();
        if (event instanceof OwnershipEvent.ClusterSeen seen) {
            onClusterSeen(seen.view(), now, actions);
        } else if (event instanceof OwnershipEvent.SessionHeld session) {
            held = session.held();
            announcedAt = 0;
            // Without this a clock whose origin makes it negative would have to reach zero first.
            mayCommitAt = now;
            reconcileAll(now, actions);
        } else if (event instanceof OwnershipEvent.SessionLost) {
            onSessionLost(now, actions);
        } else if (event instanceof OwnershipEvent.CommitAnswered answered) {
            onCommitAnswered(answered, now, actions);
        } else if (event instanceof OwnershipEvent.AcquiredReturned returned) {
            onAcquiredReturned(returned, now, actions);
        } else if (event instanceof OwnershipEvent.Drained drained) {
            BucketState state = state(drained.bucket());
            if (state.isIn(Phase.DRAINING, drained.token())) {
                unload(state, now, actions);
            }
        } else if (event instanceof OwnershipEvent.Unloaded unloaded) {
            onUnloaded(unloaded, now, actions);
        } else if (event instanceof OwnershipEvent.UnloadFailed failed) {
            onUnloadFailed(failed, now, actions);
        } else if (event instanceof OwnershipEvent.LostReturned returned) {
            BucketState state = state(returned.bucket());
            state.listenerKnowsOfLoss();
            reconcile(state, now, actions);
        } else if (event instanceof OwnershipEvent.LeaveRequested) {
            onLeaveRequested(now);
        }
        actions.addAll(onTick(now));
        return actions;
    }

    @Override
    public List<OwnershipAction> onTick(long now) {
        List<OwnershipAction> actions = new ArrayList<>();
        for (BucketState state : buckets) {
            if (state.isRetryDue(now)) {
                unload(state, now, actions);
            }
            if (isUnprotectedTooLong(state, now)) {
                lose(state, LossCause.CLAIM_GONE, Phase.NOT_OWNED, now, actions);
            }
            if (state.warns(now)) {
                actions.add(new OwnershipAction.TellSlow(
                        state.bucket(), state.token(), state.waitingFor(), state.waitingSince(now)));
            }
        }
        if (leaving && !left) {
            goOnLeaving(now, actions);
        }
        commitWhatIsDue(now, actions);
        return actions;
    }

    @Override
    public long nanosToNextTick(long now) {
        long next = NEVER;
        for (BucketState state : buckets) {
            next = Math.min(next, state.nanosToNextTick(now));
            if (isUnprotected(state)) {
                next = Math.min(next, unprotectedNanosLeft(state, now));
            }
        }
        if (leaving && !left) {
            next = Math.min(next, leaveDeadline - now);
        }
        if (mayCommitAt - now > 0 && (mayCommit() || mayAnnounce())) {
            next = Math.min(next, mayCommitAt - now);
        }
        return next;
    }

    private BucketState state(Bucket bucket) {
        return buckets[bucket.index()];
    }

    private boolean isWanted(BucketState state) {
        ClusterView seen = view;
        return seen != null && !releasingAll && seen.assigned().contains(state.bucket());
    }

    private void onClusterSeen(ClusterView seen, long now, List<OwnershipAction> actions) {
        if (seen.wentBack()) {
            forgetRevisions(seen.revision(), now);
        }
        view = seen;
        refreshing = false;
        reconcileAll(now, actions);
    }

    /** Answers that are under way tell of revisions that count no more. */
    private void forgetRevisions(long newRevision, long now) {
        awaitedRevision = 0;
        announcedAt = Math.min(announcedAt, newRevision);
        announcing = false;
        underWay.clear();
        for (BucketState state : buckets) {
            state.forgetRevisions(newRevision);
            if (state.phase() == Phase.CLAIMING) {
                state.enter(Phase.NOT_OWNED, now);
            } else if (state.phase() == Phase.UNCLAIMING) {
                state.enter(Phase.UNLOADED, now);
            }
        }
    }

    private void reconcileAll(long now, List<OwnershipAction> actions) {
        for (BucketState state : buckets) {
            reconcile(state, now, actions);
        }
    }

    /** Compares one bucket with what the cluster shows of it, and takes the step that follows, if one does. */
    private void reconcile(BucketState state, long now, List<OwnershipAction> actions) {
        ClusterView seen = view;
        if (seen == null || seen.revision() < state.trustedFrom()) {
            return;
        }
        Entry claim = seen.claim(state.bucket());
        boolean claimStands = claim != null && state.isClaim(claim);
        switch (state.phase()) {
            case NOT_OWNED, CLAIMING -> adopt(state, claim, now, actions);
            case OPENING, OWNED, DRAINING, UNLOADING, UNLOAD_FAILED -> {
                if (!claimStands && (claim != null || !state.isClaimGone())) {
                    onClaimGone(state, claim, now, actions);
                    return;
                }
                if (state.phase() == Phase.OWNED && !isWanted(state)) {
                    close(state, now, actions);
                }
                boolean hangs = state.phase() == Phase.OPENING && !isWanted(state);
                if ((hangs || state.phase().isLettingGo()) && seen.forced(state.bucket()) == state.token()) {
                    lose(state, LossCause.FORCED, Phase.UNLOADED, now, actions);
                }
            }
            case UNLOADED, UNCLAIMING -> {
                if (!claimStands) {
                    end(state, now, actions);
                }
            }
        }
    }

    /** A claim under this session's lease is this node's, also if the answer to it got lost. */
    private void adopt(BucketState state, @Nullable Entry claim, long now, List<OwnershipAction> actions) {
        Held session = held;
        if (claim != null && session != null && claim.leaseId() == session.leaseId()) {
            claimed(state, claim.createRevision(), session.leaseId(), now, actions);
        }
    }

    /** A tenure begins only once by a token: a claim that was believed to be gone is given back, and another made. */
    private void claimed(BucketState state, long token, long leaseId, long now, List<OwnershipAction> actions) {
        boolean wanted = isWanted(state) && !leaving && !state.hasEnded(token);
        if (!wanted) {
            state.claimed(token, leaseId, Phase.UNLOADED, now);
        } else if (!state.isListenerBusyWithLoss()) {
            state.claimed(token, leaseId, Phase.OPENING, now);
            actions.add(new OwnershipAction.Begin(state.bucket(), token));
        }
    }

    private void onClaimGone(BucketState state, @Nullable Entry successor, long now, List<OwnershipAction> actions) {
        boolean goesOn = settings.storeOutage() == StoreOutage.KEEP_SERVING_FENCED && successor == null;
        if (!goesOn) {
            lose(state, LossCause.CLAIM_GONE, Phase.NOT_OWNED, now, actions);
            return;
        }
        state.claimIsGone();
        if (state.phase() == Phase.OWNED) {
            close(state, now, actions);
        }
    }

    private void onUnloadFailed(OwnershipEvent.UnloadFailed failed, long now, List<OwnershipAction> actions) {
        BucketState state = state(failed.bucket());
        if (!state.isIn(Phase.UNLOADING, failed.token())) {
            return;
        }
        if (state.isClaimGone()) {
            // There is no claim to keep, and the storage may well have refused because of a successor.
            lose(state, LossCause.CLAIM_GONE, Phase.NOT_OWNED, now, actions);
            return;
        }
        Duration retryIn = state.unloadFailed(now);
        actions.add(new OwnershipAction.TellUnloadFailed(failed.bucket(), failed.token(), failed.cause(), retryIn));
    }

    /** A bucket that is held without a claim gets only so long to be unloaded: nothing holds others off meanwhile. */
    private boolean isUnprotectedTooLong(BucketState state, long now) {
        return isUnprotected(state) && unprotectedNanosLeft(state, now) <= 0;
    }

    private static boolean isUnprotected(BucketState state) {
        return state.isClaimGone() && state.phase().isLettingGo();
    }

    private long unprotectedNanosLeft(BucketState state, long now) {
        return settings.leaveTimeout().minus(state.releaseAge(now)).toNanos();
    }

    private void onSessionLost(long now, List<OwnershipAction> actions) {
        held = null;
        announcing = false;
        for (BucketState state : buckets) {
            if (state.phase() == Phase.CLAIMING) {
                state.enter(Phase.NOT_OWNED, now);
            } else if (settings.storeOutage() == StoreOutage.STOP_SERVING) {
                if (state.phase().isLoaded()) {
                    lose(state, LossCause.SESSION_LOST, Phase.NOT_OWNED, now, actions);
                } else if (state.phase() != Phase.NOT_OWNED) {
                    end(state, now, actions);
                }
            }
        }
    }

    private void onAcquiredReturned(OwnershipEvent.AcquiredReturned returned, long now, List<OwnershipAction> actions) {
        BucketState state = state(returned.bucket());
        if (!state.isIn(Phase.OPENING, returned.token())) {
            return;
        }
        if (isWanted(state) && !state.isClaimGone()) {
            state.enter(Phase.OWNED, now);
            actions.add(new OwnershipAction.Open(state.bucket(), state.token()));
        } else {
            unload(state, now, actions);
            reconcile(state, now, actions);
        }
    }

    private void close(BucketState state, long now, List<OwnershipAction> actions) {
        state.enter(Phase.DRAINING, now);
        actions.add(new OwnershipAction.Close(state.bucket(), state.token()));
    }

    private void unload(BucketState state, long now, List<OwnershipAction> actions) {
        state.enter(Phase.UNLOADING, now);
        actions.add(new OwnershipAction.Unload(state.bucket(), state.token()));
    }

    private void onUnloaded(OwnershipEvent.Unloaded unloaded, long now, List<OwnershipAction> actions) {
        BucketState state = state(unloaded.bucket());
        if (!state.isIn(Phase.UNLOADING, unloaded.token())) {
            return;
        }
        if (state.isClaimGone()) {
            end(state, now, actions);
        } else {
            state.enter(Phase.UNLOADED, now);
            reconcile(state, now, actions);
        }
    }

    private void end(BucketState state, long now, List<OwnershipAction> actions) {
        actions.add(new OwnershipAction.End(state.bucket(), state.token()));
        state.enter(Phase.NOT_OWNED, now);
        reconcile(state, now, actions);
    }

    private void lose(BucketState state, LossCause cause, Phase next, long now, List<OwnershipAction> actions) {
        actions.add(new OwnershipAction.Lose(state.bucket(), state.token(), cause));
        state.enter(next, now);
        state.listenerIsToldOfLoss(now);
    }

    private boolean mayCommit() {
        ClusterView seen = view;
        return held != null && seen != null && !refreshing && seen.revision() >= awaitedRevision;
    }

    private void commitWhatIsDue(long now, List<OwnershipAction> actions) {
        Held session = held;
        ClusterView seen = view;
        if (session == null || seen == null || left || !mayCommit() || mayCommitAt - now > 0) {
            return;
        }
        for (List<BucketState> batch : batches(Phase.UNLOADED, maxTransactionOperations / 2)) {
            unclaim(batch, session, seen, now, actions);
        }
        if (seen.assignmentRevision() > 0 && !leaving) {
            for (List<BucketState> batch :
                    batches(Phase.NOT_OWNED, maxTransactionOperations - CONDITIONS_BESIDE_THE_CLAIMS)) {
                claim(batch, session, seen, now, actions);
            }
        }
    }

    /** While one batch is under way, more buckets gather for the next: a burst of moves takes few transactions. */
    private List<List<BucketState>> batches(Phase phase, int size) {
        List<List<BucketState>> batches = new ArrayList<>();
        List<BucketState> batch = new ArrayList<>();
        for (BucketState state : buckets) {
            if (state.phase() != phase || (phase == Phase.NOT_OWNED && !isClaimable(state))) {
                continue;
            }
            if (batch.isEmpty()) {
                if (underWay.size() + batches.size() >= MOST_COMMITS_UNDER_WAY) {
                    break;
                }
                batches.add(batch);
            }
            batch.add(state);
            if (batch.size() == size) {
                batch = new ArrayList<>();
            }
        }
        return batches;
    }

    private boolean isClaimable(BucketState state) {
        ClusterView seen = view;
        return seen != null
                && isWanted(state)
                && !state.isListenerBusyWithLoss()
                && seen.revision() >= state.trustedFrom()
                && seen.claim(state.bucket()) == null;
    }

    private void claim(
            List<BucketState> batch, Held session, ClusterView seen, long now, List<OwnershipAction> actions) {
        String value = new ClaimValue(nodeId, Long.toHexString(session.leaseId())).toJson();
        Transaction.Builder transaction = Transaction.builder()
                .ifModifiedAt(keys.assignment(), seen.assignmentRevision())
                .ifModifiedAt(keys.node(nodeId), session.revision());
        for (BucketState state : batch) {
            String key = keys.claim(state.bucket());
            transaction.ifAbsent(key).putUnder(session.leaseId(), key, value);
        }
        send(Purpose.CLAIM, Phase.CLAIMING, batch, session, transaction.build(), now, actions);
    }

    private void unclaim(
            List<BucketState> batch, Held session, ClusterView seen, long now, List<OwnershipAction> actions) {
        Transaction.Builder transaction = Transaction.builder();
        for (BucketState state : batch) {
            String key = keys.claim(state.bucket());
            transaction.ifCreatedAt(key, state.token()).delete(key);
            if (seen.forced(state.bucket()) == state.token()) {
                transaction.delete(keys.forcedRelease(state.bucket()));
            }
        }
        send(Purpose.UNCLAIM, Phase.UNCLAIMING, batch, session, transaction.build(), now, actions);
    }

    private void send(
            Purpose purpose,
            Phase phase,
            List<BucketState> batch,
            Held session,
            Transaction transaction,
            long now,
            List<OwnershipAction> actions) {
        commitNumber++;
        underWay.put(commitNumber, new Attempt(purpose, session.leaseId(), batch));
        for (BucketState state : batch) {
            state.sent(phase, commitNumber, now);
        }
        actions.add(new OwnershipAction.Commit(commitNumber, transaction));
    }

    private void onCommitAnswered(OwnershipEvent.CommitAnswered answered, long now, List<OwnershipAction> actions) {
        Attempt attempt = underWay.remove(answered.number());
        if (attempt == null) {
            return;
        }
        if (answered.result() instanceof CommitResult.Committed committed) {
            onCommitted(attempt, answered.number(), committed.revision(), now, actions);
            return;
        }
        if (answered.result() instanceof CommitResult.Rejected rejected) {
            awaitedRevision = Math.max(awaitedRevision, rejected.revision());
            if (attempt.purpose() == Purpose.ANNOUNCE_LEAVING) {
                // The registration is gone and the session does not know yet: no need to ask at every answer.
                mayCommitAt = now + RETRY;
            }
        } else if (answered.result() instanceof CommitResult.Unknown unknown) {
            mayCommitAt = now + RETRY;
            actions.add(new OwnershipAction.TellUnknown(unknown.cause()));
            if (attempt.purpose() == Purpose.ANNOUNCE_LEAVING) {
                // Nobody can take anything over through a store that does not answer.
                releaseAll(now, actions);
            }
        }
        announcing &= attempt.purpose() != Purpose.ANNOUNCE_LEAVING;
        for (BucketState state : attempt.buckets()) {
            if (state.awaits(answered.number())) {
                state.enter(attempt.purpose() == Purpose.CLAIM ? Phase.NOT_OWNED : Phase.UNLOADED, now);
            }
        }
        refreshing = true;
        actions.add(new OwnershipAction.Refresh());
    }

    private void onCommitted(Attempt attempt, long number, long revision, long now, List<OwnershipAction> actions) {
        boolean sameSession = held != null && held.leaseId() == attempt.leaseId();
        if (attempt.purpose() == Purpose.ANNOUNCE_LEAVING) {
            announcing = false;
            announcedAt = sameSession ? revision : 0;
        }
        for (BucketState state : attempt.buckets()) {
            if (!state.awaits(number)) {
                continue;
            }
            state.trustFrom(revision);
            if (attempt.purpose() == Purpose.UNCLAIM) {
                end(state, now, actions);
            } else if (sameSession && !isGoneAlready(state, revision)) {
                claimed(state, revision, attempt.leaseId(), now, actions);
            } else {
                state.enter(Phase.NOT_OWNED, now);
                reconcile(state, now, actions);
            }
        }
    }

    /** Tells whether a view shows what became of a claim before the answer to it arrived. */
    private boolean isGoneAlready(BucketState state, long token) {
        ClusterView seen = view;
        if (seen == null || seen.revision() < token) {
            return false;
        }
        Entry claim = seen.claim(state.bucket());
        return claim == null || claim.createRevision() != token;
    }

    private void onLeaveRequested(long now) {
        if (!leaving) {
            leaving = true;
            leaveDeadline = now + settings.leaveTimeout().toNanos();
        }
    }

    private void announceLeaving(Held session, List<OwnershipAction> actions) {
        announcing = true;
        commitNumber++;
        underWay.put(commitNumber, new Attempt(Purpose.ANNOUNCE_LEAVING, session.leaseId(), List.of()));
        String value = new ClaimValue(nodeId, Long.toHexString(session.leaseId())).toJson();
        Transaction transaction = Transaction.builder()
                .ifModifiedAt(keys.node(nodeId), session.revision())
                .putUnder(session.leaseId(), keys.leaving(nodeId), value)
                .build();
        actions.add(new OwnershipAction.Commit(commitNumber, transaction));
    }

    private boolean mayAnnounce() {
        return leaving && !releasingAll && !left && !announcing;
    }

    /** A store may lose the mark and keep the lease: then nobody knows that there is something to take over. */
    private boolean isAnnounced(Held session) {
        ClusterView seen = view;
        if (announcedAt == 0 || seen == null || seen.revision() < announcedAt) {
            return announcedAt > 0;
        }
        return seen.isLeavingUnder(session.leaseId());
    }

    private void releaseAll(long now, List<OwnershipAction> actions) {
        if (!releasingAll) {
            releasingAll = true;
            leaveDeadline = now + settings.leaveTimeout().toNanos();
            for (BucketState state : buckets) {
                if (state.phase() == Phase.OWNED) {
                    close(state, now, actions);
                }
            }
            reconcileAll(now, actions);
        }
    }

    /** First the others take the buckets over one by one; what nobody took in time is let go of all the same. */
    private void goOnLeaving(long now, List<OwnershipAction> actions) {
        ClusterView seen = view;
        if (leaveDeadline - now <= 0 || seen == null || !seen.hasSuccessors()) {
            releaseAll(now, actions);
        }
        Held session = held;
        if (session != null && mayAnnounce() && !isAnnounced(session) && mayCommitAt - now <= 0) {
            announceLeaving(session, actions);
        }
        BucketSet loaded = loaded();
        boolean claimsStand = false;
        for (BucketState state : buckets) {
            claimsStand |= state.phase() != Phase.NOT_OWNED;
        }
        // What is still to be deleted goes with the lease; what is under way is waited for, so that nothing is cut off.
        boolean done = releasingAll ? loaded.isEmpty() && underWay.isEmpty() : !claimsStand;
        if (done || (releasingAll && leaveDeadline - now <= 0)) {
            left = true;
            actions.add(new OwnershipAction.TellLeft(loaded));
        }
    }
}
