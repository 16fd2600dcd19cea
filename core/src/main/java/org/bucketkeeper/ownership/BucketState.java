package org.bucketkeeper.ownership;

import java.time.Duration;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.store.Entry;

/** What an owner remembers of one bucket. */
final class BucketState {

    private static final long FIRST_WARNING = Duration.ofSeconds(10).toNanos();
    private static final long RAREST_WARNING = Duration.ofMinutes(10).toNanos();
    private static final long FIRST_RETRY = Duration.ofSeconds(1).toNanos();
    private static final long RAREST_RETRY = Duration.ofSeconds(30).toNanos();

    private final Bucket bucket;
    private Phase phase = Phase.NOT_OWNED;
    private long phaseSince;
    private long token;
    private long leaseId;
    /** The token of the last tenure or claim that ended here. */
    private long endedToken;

    private long commitNumber;
    private long releaseSince;
    private long retryAt;
    private long nextRetry = FIRST_RETRY;
    private long warnAt;
    private long nextWarning = FIRST_WARNING;
    private boolean listenerBusyWithLoss;
    private boolean claimGone;
    /** A view older than this revision does not show what was learned from the store's answers. */
    private long trustedFrom;

    BucketState(Bucket bucket) {
        this.bucket = bucket;
    }

    Bucket bucket() {
        return bucket;
    }

    Phase phase() {
        return phase;
    }

    /** The create revision of the claim; 0 while there is none. */
    long token() {
        return token;
    }

    long trustedFrom() {
        return trustedFrom;
    }

    void trustFrom(long revision) {
        trustedFrom = Math.max(trustedFrom, revision);
    }

    /** The store's history went back, or is another: what was learned at a revision counts no more. */
    void forgetRevisions(long newRevision) {
        trustedFrom = 0;
        if (newRevision < endedToken) {
            // Tokens count anew. Otherwise a claim that comes up again is still one that has ended.
            endedToken = 0;
        }
    }

    /** Tells whether that claim is the one that is known here. */
    boolean isClaim(Entry claim) {
        return claim.createRevision() == token && claim.leaseId() == leaseId;
    }

    /** Tells whether a tenure of that token, or a later one, has ended here already. */
    boolean hasEnded(long someToken) {
        return someToken <= endedToken;
    }

    boolean isIn(Phase expected, long expectedToken) {
        return phase == expected && token == expectedToken;
    }

    boolean awaits(long number) {
        return (phase == Phase.CLAIMING || phase == Phase.UNCLAIMING) && commitNumber == number;
    }

    void sent(Phase newPhase, long number, long now) {
        enter(newPhase, now);
        commitNumber = number;
    }

    void claimed(long newToken, long newLeaseId, Phase newPhase, long now) {
        token = newToken;
        leaseId = newLeaseId;
        claimGone = false;
        trustFrom(newToken);
        enter(newPhase, now);
        releaseSince = now;
    }

    void enter(Phase newPhase, long now) {
        if (newPhase.isLettingGo() && !phase.isLettingGo()) {
            releaseSince = now;
            nextRetry = FIRST_RETRY;
        }
        if (!(newPhase.isLettingGo() && phase.isLettingGo())) {
            restartWarnings(now);
        }
        phase = newPhase;
        phaseSince = now;
        if (newPhase == Phase.NOT_OWNED) {
            endedToken = Math.max(endedToken, token);
            token = 0;
        }
    }

    /** The claim is known to be gone, but the application still has to let go. */
    void claimIsGone() {
        claimGone = true;
    }

    boolean isClaimGone() {
        return claimGone;
    }

    Duration releaseAge(long now) {
        return Duration.ofNanos(now - releaseSince);
    }

    /** Returns the time until the application is asked again. */
    Duration unloadFailed(long now) {
        enter(Phase.UNLOAD_FAILED, now);
        long wait = nextRetry;
        retryAt = now + wait;
        nextRetry = Math.min(2 * nextRetry, RAREST_RETRY);
        return Duration.ofNanos(wait);
    }

    boolean isRetryDue(long now) {
        return phase == Phase.UNLOAD_FAILED && retryAt - now <= 0;
    }

    void listenerIsToldOfLoss(long now) {
        listenerBusyWithLoss = true;
        restartWarnings(now);
    }

    void listenerKnowsOfLoss() {
        listenerBusyWithLoss = false;
    }

    boolean isListenerBusyWithLoss() {
        return listenerBusyWithLoss;
    }

    /** Returns what the bucket waits for the application to do; empty if for nothing. */
    String waitingFor() {
        if (listenerBusyWithLoss) {
            return "the listener's call lost() to return";
        }
        return switch (phase) {
            case OPENING -> "the listener's call acquired() to return";
            case DRAINING -> "open guards to be closed";
            case UNLOADING, UNLOAD_FAILED -> "the application to flush and unload";
            case NOT_OWNED, CLAIMING, OWNED, UNLOADED, UNCLAIMING -> "";
        };
    }

    private void restartWarnings(long now) {
        nextWarning = FIRST_WARNING;
        warnAt = now + nextWarning;
    }

    /** Returns since when the bucket waits if it is time to warn, and sets the time of the next, rarer warning. */
    boolean warns(long now) {
        if (waitingFor().isEmpty() || warnAt - now > 0) {
            return false;
        }
        nextWarning = Math.min(2 * nextWarning, RAREST_WARNING);
        warnAt = now + nextWarning;
        return true;
    }

    Duration waitingSince(long now) {
        return phase.isLettingGo() ? releaseAge(now) : Duration.ofNanos(now - phaseSince);
    }

    /** Returns the nanoseconds until this bucket wants a tick, or {@link Long#MAX_VALUE}. */
    long nanosToNextTick(long now) {
        long next = Long.MAX_VALUE;
        if (phase == Phase.UNLOAD_FAILED) {
            next = retryAt - now;
        }
        if (listenerBusyWithLoss || phase == Phase.OPENING || phase.isLettingGo()) {
            next = Math.min(next, warnAt - now);
        }
        return next;
    }
}
