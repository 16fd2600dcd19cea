package org.bucketkeeper.internal.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.bucketkeeper.driver.StateMachine;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Gets hold of a key under a lease, keeps it, and gets hold of it anew after it was lost.
 *
 * <p>The session may be relied on until its deadline: the time at which the last renewal that was answered had been
 * <em>sent</em>, plus the time the store granted, less the margin. The store counts from when it handled the renewal,
 * which is later, so the deadline passes before the lease can expire. A failed renewal moves no deadline and gives
 * nothing up.
 *
 * <p>Renewals come a little earlier than they have to, at random, and far earlier after a grant and after an outage: the
 * servers of a large cluster that were started together, or lost the store together, must not renew together for ever.
 *
 * <p>After a loss the session starts over with a new lease. If the key still stands there under an old lease of this
 * very session, because the store was away and expired nothing, or because it went back to an earlier state, it is taken
 * over in place, so that the others do not see it vanish. So is the key of a holder that is proven to be dead; then its
 * lease is revoked, with what else stands under it.
 *
 * <p>Anything that cannot be known is read: a claim without an answer is neither held nor failed until the key was
 * read and shows whose lease it is under.
 */
final class SessionMachine implements StateMachine<SessionEvent, SessionAction> {

    private static final long GRANT_RETRY = Duration.ofMillis(500).toNanos();
    /** The wait where the mirror does not show what stands in the way. */
    private static final long BLIND_RETRY = Duration.ofSeconds(1).toNanos();

    /**
     * A store that goes back brings up what stood there a while ago: at the pace at which leases are asked for, the last
     * half minute at the very least, and days where they are lost now and then. Whatever is older expires by itself.
     */
    private static final int MOST_LEASES_REMEMBERED = 64;

    /** How often it is told that another has the key that was held before. */
    private static final long REMINDER = Duration.ofMinutes(5).toNanos();

    /** The wait where the mirror shows the holder, and will tell when it leaves. */
    private static final long HELD_RETRY = Duration.ofSeconds(30).toNanos();

    private enum State {
        IDLE,
        GRANTING,
        CLAIMING,
        READING,
        HOLDING,
        /** Waits for {@code wakeAt} and then asks for a lease. */
        WAITING,
        CLOSING,
        CLOSED,
        GAVE_UP
    }

    private final SessionSettings settings;
    private final HeldKeys keys;
    private final RandomGenerator jitter;

    private State state = State.IDLE;
    private long attempt;
    private long grantSentAt;
    private @Nullable Lease lease;
    private long deadline;
    private @Nullable Held held;
    private long renewalSentAt;
    private long nextRenewalAt;
    /** How many renewals were sent since the last answer. */
    private int renewalsUnanswered;

    private long wakeAt;
    private boolean contended;
    private long contendedSince;
    private long contendedToldAt;
    private @Nullable Entry observed;
    private long observedRevision;
    private boolean claimRejected;
    /** What the last claim was to replace; null if it was to be made where nothing stands. */
    private @Nullable Entry replaced;

    /** The lease of this session's past self, or of a holder that is dead, whose key may still stand; {@link Lease#NONE} if there is none. */
    private long formerLease = Lease.NONE;

    /** The leases that this session had, the oldest first; no other session ever has one of them. */
    private final Set<Long> ownLeases = new LinkedHashSet<>();

    private boolean wasHeld;

    private final Set<Long> leasesToRevoke = new LinkedHashSet<>();
    private @Nullable StoreException revokeFailure;

    SessionMachine(SessionSettings settings, HeldKeys keys, RandomGenerator jitter) {
        this.settings = settings;
        this.keys = keys;
        this.jitter = jitter;
    }

    @Override
    public List<SessionAction> onEvent(SessionEvent event, long now) {
        List<SessionAction> actions = new ArrayList<>();
        if (event instanceof SessionEvent.Started) {
            if (state == State.IDLE) {
                requestLease(now, actions);
            }
        } else if (event instanceof SessionEvent.CloseRequested) {
            onCloseRequested(actions);
        } else if (event instanceof SessionEvent.ExpiryRequested) {
            onExpiryRequested(actions);
        } else if (event instanceof SessionEvent.Granted granted) {
            onGranted(granted, actions);
        } else if (event instanceof SessionEvent.GrantFailed failed) {
            onGrantFailed(failed, now, actions);
        } else if (event instanceof SessionEvent.ClaimAnswered answered) {
            onClaimAnswered(answered, now, actions);
        } else if (event instanceof SessionEvent.KeyRead read) {
            onKeyRead(read, now, actions);
        } else if (event instanceof SessionEvent.KeyReadFailed failed) {
            if (state == State.READING && isCurrent(failed.leaseId())) {
                wakeAt = now + GRANT_RETRY;
            }
        } else if (event instanceof SessionEvent.KeptAlive kept) {
            onKeptAlive(kept, now, actions);
        } else if (event instanceof SessionEvent.KeyObserved seen) {
            if (seen.revision() >= observedRevision) {
                onObserved(seen.entry(), seen.revision(), now, actions);
            }
        } else if (event instanceof SessionEvent.HolderProvenDead proven) {
            onHolderProvenDead(proven.holder(), now, actions);
        } else if (event instanceof SessionEvent.HistoryWentBack back) {
            onHistoryWentBack(back, now, actions);
        } else if (event instanceof SessionEvent.Revoked revoked) {
            onRevoked(revoked, actions);
        }
        actions.addAll(onTick(now));
        return actions;
    }

    @Override
    public List<SessionAction> onTick(long now) {
        List<SessionAction> actions = new ArrayList<>();
        Lease current = lease;
        if (current != null && isEstablishing() && deadline - now <= 0) {
            // Too slow to be of use: under this lease the key could expire as soon as it is held.
            abandonLease(actions);
            waitUntil(now + GRANT_RETRY);
        } else if (current != null && state == State.HOLDING) {
            if (deadline - now <= 0) {
                lose(LossReason.DEADLINE_PASSED, now, actions);
            } else if (nextRenewalAt - now <= 0) {
                renewalSentAt = now;
                renewalsUnanswered++;
                nextRenewalAt = now + soonWithin(SessionSettings.retryInterval(current.ttl()));
                actions.add(new SessionAction.KeepAlive(current.id(), now));
            }
        } else if (current != null && state == State.READING && wakeAt - now <= 0) {
            wakeAt = now + Long.MAX_VALUE / 2;
            actions.add(new SessionAction.ReadKey(current.id()));
        }
        if (state == State.WAITING && wakeAt - now <= 0) {
            requestLease(now, actions);
        }
        return actions;
    }

    @Override
    public long nanosToNextTick(long now) {
        Lease current = lease;
        return switch (state) {
            case HOLDING -> current == null ? NEVER : Math.min(deadline - now, nextRenewalAt - now);
            case CLAIMING -> deadline - now;
            case READING -> Math.min(deadline - now, wakeAt - now);
            case WAITING -> wakeAt - now;
            case IDLE, GRANTING, CLOSING, CLOSED, GAVE_UP -> NEVER;
        };
    }

    private boolean isEstablishing() {
        return state == State.CLAIMING || state == State.READING;
    }

    private boolean isCurrent(long leaseId) {
        return lease != null && lease.id() == leaseId;
    }

    private void requestLease(long now, List<SessionAction> actions) {
        state = State.GRANTING;
        attempt++;
        grantSentAt = now;
        actions.add(new SessionAction.Grant(attempt, settings.ttl()));
    }

    private void onGranted(SessionEvent.Granted granted, List<SessionAction> actions) {
        if (state != State.GRANTING || granted.attempt() != attempt) {
            actions.add(new SessionAction.Revoke(granted.lease().id()));
            return;
        }
        lease = granted.lease();
        remember(granted.lease().id());
        deadline = grantSentAt + SessionSettings.validNanos(granted.lease().ttl());
        claim(granted.lease(), actions);
    }

    private void remember(long leaseId) {
        ownLeases.add(leaseId);
        if (ownLeases.size() > MOST_LEASES_REMEMBERED) {
            ownLeases.remove(ownLeases.iterator().next());
        }
    }

    /** Tells whether the key stands under a lease of this session's past self, or of a holder that is dead. */
    private boolean mayBeTakenOver(@Nullable Entry entry) {
        return entry != null
                && entry.leaseId() != Lease.NONE
                && (entry.leaseId() == formerLease || ownLeases.contains(entry.leaseId()));
    }

    private void onGrantFailed(SessionEvent.GrantFailed failed, long now, List<SessionAction> actions) {
        if (state == State.GRANTING && failed.attempt() == attempt) {
            onTrouble(failed.cause(), now, actions);
            waitUntil(now + GRANT_RETRY);
        }
    }

    private void claim(Lease current, List<SessionAction> actions) {
        state = State.CLAIMING;
        Transaction.Builder transaction = Transaction.builder();
        Map<String, String> values = keys.values().apply(current.id());
        Entry standing = observed;
        replaced = null;
        if (standing != null && mayBeTakenOver(standing)) {
            replaced = standing;
            formerLease = standing.leaseId();
            transaction.ifModifiedAt(keys.primary(), standing.modRevision());
        } else {
            values.keySet().forEach(transaction::ifAbsent);
        }
        values.forEach((key, value) -> transaction.putUnder(current.id(), key, value));
        actions.add(new SessionAction.Claim(current.id(), transaction.build()));
    }

    private void onClaimAnswered(SessionEvent.ClaimAnswered answered, long now, List<SessionAction> actions) {
        Lease current = lease;
        if (current == null || state != State.CLAIMING || !isCurrent(answered.leaseId())) {
            return;
        }
        claimRejected = answered.result() instanceof CommitResult.Rejected;
        if (answered.result() instanceof CommitResult.Committed committed) {
            hold(new Held(current.id(), current.ttl(), committed.revision()), actions);
            return;
        }
        if (answered.result() instanceof CommitResult.Unknown unknown) {
            onTrouble(unknown.cause(), now, actions);
        }
        readKey(now);
    }

    /** The time that the store is away is not held against whoever holds the key. */
    private void onTrouble(StoreException cause, long now, List<SessionAction> actions) {
        contendedSince = now;
        actions.add(new SessionAction.TellTrouble(cause));
    }

    /** What stands in the store decides: after a rejected claim as well, for the copy of the key may be out of date. */
    private void readKey(long now) {
        state = State.READING;
        wakeAt = now;
    }

    private void onKeyRead(SessionEvent.KeyRead read, long now, List<SessionAction> actions) {
        Lease current = lease;
        if (current == null || state != State.READING || !isCurrent(read.leaseId())) {
            return;
        }
        if (read.revision() >= observedRevision) {
            observed = read.entry();
            observedRevision = read.revision();
        }
        Entry entry = observed;
        if (entry != null && entry.leaseId() == current.id()) {
            hold(new Held(current.id(), current.ttl(), entry.modRevision()), actions);
        } else if (claimRejected && entry != null && entry.equals(replaced)) {
            // The copy shows what claims do not find: it is of another store than they are, or ahead of a lost history.
            actions.add(new SessionAction.RefreshCopy());
            abandonLease(actions);
            waitUntil(now + GRANT_RETRY);
        } else if (mayBeTakenOver(entry) || (entry == null && claimRejected && replaced != null)) {
            claim(current, actions);
        } else if (entry == null && !claimRejected) {
            abandonLease(actions);
            waitUntil(now + GRANT_RETRY);
        } else {
            contend(entry, now, actions);
        }
    }

    private void contend(@Nullable Entry holder, long now, List<SessionAction> actions) {
        // Whether another process has the same name is a matter of the start; who had the key once goes on trying.
        Duration patience = wasHeld ? SessionSettings.FOREVER : settings.patience();
        if (!contended) {
            contendedSince = now;
        }
        if (!contended || isReminderDue(now)) {
            contended = true;
            contendedToldAt = now;
            actions.add(new SessionAction.TellContended(holder == null ? null : holder.value(), patience));
        }
        forgetIfNothingWasClaimed();
        abandonLease(actions);
        revokeFormerLease(actions);
        boolean endless = patience.equals(SessionSettings.FOREVER);
        long patienceEnds = contendedSince + patience.toNanos();
        if (!endless && patienceEnds - now <= 0) {
            state = State.GAVE_UP;
            actions.add(new SessionAction.TellGaveUp(settings.patience()));
            return;
        }
        long retryAt = now + (holder == null ? BLIND_RETRY : HELD_RETRY);
        waitUntil(endless || retryAt - patienceEnds < 0 ? retryAt : patienceEnds);
        if (holder != null && holder.leaseId() != Lease.NONE) {
            actions.add(new SessionAction.ExamineHolder(holder));
        }
    }

    /** Where the wait may take for ever from the start, as for an election, it is no trouble. */
    private boolean isReminderDue(long now) {
        return wasHeld && !settings.patience().equals(SessionSettings.FOREVER) && now - contendedToldAt - REMINDER >= 0;
    }

    /** Tries in vain must not push out of the memory what was held. */
    private void forgetIfNothingWasClaimed() {
        Lease current = lease;
        if (current != null && claimRejected) {
            ownLeases.remove(current.id());
        }
    }

    /** The key of a dead process is taken over like that of this session's own past self. */
    private void onHolderProvenDead(Entry holder, long now, List<SessionAction> actions) {
        if (state == State.WAITING && contended && holder.equals(observed)) {
            formerLease = holder.leaseId();
            requestLease(now, actions);
        }
    }

    private void hold(Held newlyHeld, List<SessionAction> actions) {
        state = State.HOLDING;
        held = newlyHeld;
        wasHeld = true;
        contended = false;
        // The grant counts as the first renewal.
        renewalSentAt = grantSentAt;
        renewalsUnanswered = 0;
        nextRenewalAt = grantSentAt + anywhereWithin(SessionSettings.renewalInterval(newlyHeld.ttl()));
        actions.add(new SessionAction.TellAcquired(newlyHeld));
        actions.add(new SessionAction.TellDeadline(deadline));
        revokeFormerLease(actions);
    }

    private void onKeptAlive(SessionEvent.KeptAlive kept, long now, List<SessionAction> actions) {
        Lease current = lease;
        if (current == null || state != State.HOLDING || !isCurrent(kept.leaseId())) {
            return;
        }
        if (kept.result() instanceof KeepAliveResult.Renewed renewed) {
            if (kept.sentAt() == renewalSentAt && renewalsUnanswered > 0) {
                onRenewalAnswered(SessionSettings.renewalInterval(current.ttl()));
            }
            if (deadline - now <= 0) {
                // Whoever looked meanwhile saw that nothing may be relied on any more; it must not come back.
                return;
            }
            long extended = kept.sentAt() + SessionSettings.validNanos(renewed.ttl());
            if (extended - deadline > 0) {
                deadline = extended;
                actions.add(new SessionAction.TellDeadline(deadline));
            }
        } else {
            lose(LossReason.LEASE_EXPIRED, now, actions);
        }
    }

    private void onObserved(@Nullable Entry entry, long revision, long now, List<SessionAction> actions) {
        observed = entry;
        observedRevision = revision;
        Held holding = held;
        if (state == State.HOLDING && holding != null && revision >= holding.revision()) {
            if (!holding.isShownBy(observed)) {
                lose(LossReason.KEY_TAKEN_AWAY, now, actions);
            }
        } else if (state == State.WAITING && contended && observed == null) {
            // The holder left: no reason to sit out the rest of the wait.
            wakeAt = now;
        } else {
            wakeIfNobodyElseHolds(now);
        }
    }

    /** What was learned at a revision may not be so any longer; only what stands there now counts. */
    private void onHistoryWentBack(SessionEvent.HistoryWentBack back, long now, List<SessionAction> actions) {
        observed = back.entry();
        observedRevision = back.revision();
        Held holding = held;
        if (state == State.HOLDING && holding != null && !holding.isShownBy(observed)) {
            lose(LossReason.KEY_TAKEN_AWAY, now, actions);
        } else {
            wakeIfNobodyElseHolds(now);
        }
    }

    private void wakeIfNobodyElseHolds(long now) {
        if (state == State.WAITING && contended && (observed == null || mayBeTakenOver(observed))) {
            wakeAt = Math.min(wakeAt, soonestGrant(now));
        }
    }

    private long soonestGrant(long now) {
        return Math.max(now, grantSentAt + GRANT_RETRY);
    }

    private void lose(LossReason reason, long now, List<SessionAction> actions) {
        Held lost = held;
        if (lost != null) {
            actions.add(new SessionAction.TellLost(lost, reason));
            if (reason == LossReason.DEADLINE_PASSED) {
                formerLease = lost.leaseId();
                lease = null;
            } else {
                abandonLease(actions);
            }
        }
        held = null;
        // A copy that does not show what is claimed may go on not showing it: not faster than leases are asked for.
        waitUntil(soonestGrant(now));
    }

    private void abandonLease(List<SessionAction> actions) {
        Lease current = lease;
        if (current != null) {
            actions.add(new SessionAction.Revoke(current.id()));
            lease = null;
        }
    }

    private void revokeFormerLease(List<SessionAction> actions) {
        if (formerLease != Lease.NONE) {
            actions.add(new SessionAction.Revoke(formerLease));
            formerLease = Lease.NONE;
        }
    }

    private void onCloseRequested(List<SessionAction> actions) {
        if (state == State.CLOSING || state == State.CLOSED) {
            return;
        }
        Lease current = lease;
        held = null;
        lease = null;
        if (current != null) {
            leasesToRevoke.add(current.id());
        }
        if (formerLease != Lease.NONE) {
            leasesToRevoke.add(formerLease);
        }
        state = State.CLOSING;
        leasesToRevoke.forEach(id -> actions.add(new SessionAction.Revoke(id)));
        closeIfNothingIsLeft(actions);
    }

    private void onExpiryRequested(List<SessionAction> actions) {
        if (state != State.CLOSING && state != State.CLOSED) {
            held = null;
            lease = null;
            state = State.CLOSED;
            actions.add(new SessionAction.TellClosed(null));
        }
    }

    private void onRevoked(SessionEvent.Revoked revoked, List<SessionAction> actions) {
        if (state == State.CLOSING && leasesToRevoke.remove(revoked.leaseId())) {
            revokeFailure = revokeFailure == null ? revoked.failure() : revokeFailure;
            closeIfNothingIsLeft(actions);
        }
    }

    private void closeIfNothingIsLeft(List<SessionAction> actions) {
        if (leasesToRevoke.isEmpty()) {
            state = State.CLOSED;
            actions.add(new SessionAction.TellClosed(revokeFailure));
        }
    }

    private void onRenewalAnswered(long interval) {
        boolean storeWasAway = renewalsUnanswered > 1;
        renewalsUnanswered = 0;
        nextRenewalAt = renewalSentAt + (storeWasAway ? anywhereWithin(interval) : soonWithin(interval));
    }

    /** Returns a random wait, so that sessions that did something together do the next thing each at its own time. */
    private long anywhereWithin(long interval) {
        long shortest = Math.min(interval, SessionSettings.SHORTEST_RETRY);
        return interval - jitter.nextLong(interval - shortest + 1);
    }

    /** Returns a wait that is not much shorter than the longest. */
    private long soonWithin(long interval) {
        return interval - jitter.nextLong(interval / 8 + 1);
    }

    private void waitUntil(long time) {
        state = State.WAITING;
        wakeAt = time;
    }
}
