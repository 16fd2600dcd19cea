package org.bucketkeeper.internal.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.driver.StateMachineDriver;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.mirror.MirrorUpdate;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a {@link SessionMachine} against the store. All its calls to the listener are made on the link's loop. */
public final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final ClusterLink link;
    private final CoordinationStore store;
    private final HeldKeys keys;
    private final SessionListener listener;
    private final StateMachineDriver<SessionEvent, SessionAction> driver;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean renewalFailing;
    private @Nullable Held held;

    /** Creates a session that does nothing until {@link #start()}. */
    public Session(ClusterLink link, SessionSettings settings, HeldKeys keys, SessionListener listener) {
        this.link = link;
        this.store = link.store();
        this.keys = keys;
        this.listener = listener;
        this.driver =
                new StateMachineDriver<>(link.loop(), new SessionMachine(settings, keys, link.jitter()), this::perform);
    }

    /** Begins to get hold of the key; returns at once. */
    public void start() {
        link.loop().execute(() -> link.mirror().subscribe(this::onMirrorUpdate));
        driver.send(new SessionEvent.Started());
    }

    /**
     * Gives the key back.
     *
     * @return completes when the lease is revoked, or when that was tried once in vain
     */
    public CompletionStage<Void> close() {
        driver.send(new SessionEvent.CloseRequested());
        return closed;
    }

    /**
     * Renews no more and leaves the lease, with everything that stands under it, to expire.
     *
     * @return completes when that is so
     */
    public CompletionStage<Void> leaveToExpire() {
        driver.send(new SessionEvent.ExpiryRequested());
        return closed;
    }

    private void onMirrorUpdate(MirrorUpdate update) {
        Entry entry = link.mirror().get(keys.primary());
        boolean gone = isGone(entry);
        if (update.wentBack()) {
            driver.send(new SessionEvent.HistoryWentBack(entry, update.revision()));
        } else if (gone || update.changedKeys().contains(keys.primary())) {
            driver.send(new SessionEvent.KeyObserved(entry, update.revision()));
        }
    }

    /** A copy may have shown what became of the key before the answer said that it is held. */
    private void acquired(Held newlyHeld) {
        held = newlyHeld;
        listener.acquired(newlyHeld);
        Entry entry = link.mirror().get(keys.primary());
        if (isGone(entry)) {
            driver.send(new SessionEvent.KeyObserved(entry, link.mirror().revision()));
            // Whether the key is gone, or the copy shows a history that is no more, only the store can tell.
            link.mirror().refresh();
        }
    }

    /**
     * Tells that the key is not what is held any more, though no update may say so: a store that loses writes
     * can lose a key that it never showed.
     */
    private boolean isGone(@Nullable Entry entry) {
        Held known = held;
        return known != null && link.mirror().revision() >= known.revision() && !known.isShownBy(entry);
    }

    private void perform(SessionAction action) {
        if (action instanceof SessionAction.Grant grant) {
            grant(grant);
        } else if (action instanceof SessionAction.Claim claim) {
            claim(claim);
        } else if (action instanceof SessionAction.ReadKey read) {
            readKey(read.leaseId());
        } else if (action instanceof SessionAction.RefreshCopy) {
            link.mirror().refresh();
        } else if (action instanceof SessionAction.ExamineHolder examine) {
            examine(examine.holder());
        } else if (action instanceof SessionAction.KeepAlive keepAlive) {
            keepAlive(keepAlive);
        } else if (action instanceof SessionAction.Revoke revoke) {
            revoke(revoke.leaseId());
        } else if (action instanceof SessionAction.TellAcquired tell) {
            acquired(tell.held());
        } else if (action instanceof SessionAction.TellDeadline tell) {
            listener.deadlineMoved(tell.deadline());
        } else if (action instanceof SessionAction.TellLost tell) {
            held = null;
            listener.lost(tell.held(), tell.reason());
        } else if (action instanceof SessionAction.TellContended tell) {
            listener.contended(tell.holder(), tell.patience());
        } else if (action instanceof SessionAction.TellGaveUp tell) {
            listener.gaveUp(tell.patience());
        } else if (action instanceof SessionAction.TellTrouble tell) {
            listener.trouble(tell.cause());
        } else if (action instanceof SessionAction.TellClosed tell) {
            onClosed(tell.revokeFailure());
        }
    }

    private void grant(SessionAction.Grant grant) {
        store.grantLease(grant.ttl()).whenComplete((lease, failure) -> {
            if (failure == null && closed.isDone()) {
                store.revokeLease(lease.id());
            } else if (failure == null) {
                driver.send(new SessionEvent.Granted(grant.attempt(), lease));
            } else {
                driver.send(new SessionEvent.GrantFailed(grant.attempt(), StoreException.from(failure)));
            }
        });
    }

    private void claim(SessionAction.Claim claim) {
        link.commit(
                claim.transaction(), answer -> driver.send(new SessionEvent.ClaimAnswered(claim.leaseId(), answer)));
    }

    private void readKey(long leaseId) {
        store.read(keys.primary()).whenComplete((snapshot, failure) -> {
            if (failure != null) {
                driver.send(new SessionEvent.KeyReadFailed(leaseId));
                return;
            }
            driver.send(new SessionEvent.KeyRead(leaseId, snapshot.entry(keys.primary()), snapshot.revision()));
        });
    }

    private void examine(Entry holder) {
        if (keys.holderIsDead().test(holder.value())) {
            LOG.info(
                    "The holder of the key is dead, taking it over at once: key={} revision={} holder={}",
                    keys.primary(),
                    holder.modRevision(),
                    holder.value());
            driver.send(new SessionEvent.HolderProvenDead(holder));
        }
    }

    private void keepAlive(SessionAction.KeepAlive keepAlive) {
        store.keepAlive(keepAlive.leaseId())
                .whenComplete((result, failure) -> link.loop().execute(() -> {
                    if (failure != null) {
                        renewalFailed(StoreException.from(failure));
                    } else {
                        renewalSucceeded();
                        driver.send(new SessionEvent.KeptAlive(keepAlive.leaseId(), keepAlive.sentAt(), result));
                    }
                }));
    }

    private void renewalFailed(StoreException cause) {
        if (!renewalFailing) {
            renewalFailing = true;
            LOG.warn(
                    "A lease was not renewed, trying again until its deadline: key={} cause={}",
                    keys.primary(),
                    cause.getMessage());
        }
    }

    private void renewalSucceeded() {
        if (renewalFailing) {
            renewalFailing = false;
            LOG.info("Leases are renewed again: key={}", keys.primary());
        }
    }

    private void revoke(long leaseId) {
        store.revokeLease(leaseId)
                .whenComplete((done, failure) -> driver.send(
                        new SessionEvent.Revoked(leaseId, failure == null ? null : StoreException.from(failure))));
    }

    private void onClosed(@Nullable StoreException revokeFailure) {
        if (revokeFailure != null) {
            LOG.warn(
                    "A lease could not be revoked and is left to expire: key={} cause={}",
                    keys.primary(),
                    revokeFailure.getMessage());
        }
        driver.stop();
        closed.complete(null);
    }
}
