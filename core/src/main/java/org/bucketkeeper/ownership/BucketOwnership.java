package org.bucketkeeper.ownership;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;
import org.bucketkeeper.driver.StateMachineDriver;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.mirror.MirrorUpdate;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.internal.session.LossReason;
import org.bucketkeeper.internal.session.SessionListener;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.routing.BucketView;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that a bucket is worked on by one server at a time: claims the buckets that are assigned to this server,
 * gives out guards for them, and hands over those that are assigned elsewhere, without a refused request or a lost
 * write. Got from {@link org.bucketkeeper.ClusterServer#ownership()}.
 *
 * <p>While one guard on a bucket is open and valid, no other process has a valid guard on it. Validity ends by itself,
 * on the monotonic clock of this process, when the session with the store was not renewed in time: at the moment at
 * which the last renewal that was answered had been <em>sent</em>, plus the time to live that the store granted, less
 * 1 % and 1 s. The store counts from later, so nobody else can own the bucket before.
 *
 * <p>Entering and leaving an owned bucket takes no lock, allocates the guard and nothing else, and costs two atomic
 * additions and a look at the clock; threads that work on different buckets do not slow each other down.
 *
 * <p>Thread-safe. Only {@link #enter(UUID, Duration)} and its twin block, and only until their time is over.
 *
 * <p>Not guaranteed: the exclusion if the clocks' <em>rates</em> of this machine and of the store differ by more than
 * 1 %; if this machine was suspended, or its virtual machine paused, because then Linux's monotonic clock stands still
 * while the lease runs out; or if this process is paused between its last look at {@link Guard#isValid()} and the write.
 * Let the storage compare {@link Guard#fencingToken()}: then a write that comes too late is refused.
 */
public final class BucketOwnership {

    private static final Logger LOG = LoggerFactory.getLogger(BucketOwnership.class);
    private static final Duration LONGEST_WAIT = Duration.ofDays(365);

    private final ClusterLink link;
    private final BucketRouter router;
    private final String nodeId;
    private final OwnershipSettings settings;
    private final OwnershipListener listener;
    private final OwnershipMachine machine;
    private final StateMachineDriver<OwnershipEvent, OwnershipAction> driver;
    private final SessionListener session = new ClaimsSession();
    private final CompletableFuture<BucketSet> left = new CompletableFuture<>();

    /** The tenures for which guards are given out. */
    private final AtomicReferenceArray<@Nullable Tenure> open = new AtomicReferenceArray<>(Bucket.COUNT);

    // Used on the loop only.
    private final @Nullable Tenure[] tenures = new Tenure[Bucket.COUNT];
    private final @Nullable Entry[] claims = new Entry[Bucket.COUNT];
    private final long[] forced = new long[Bucket.COUNT];
    private final ListenerCalls calls;
    private final Waiters waiters;
    private Validity validity = new Validity.UntilRevoked();

    private boolean lookingBack;

    private volatile boolean stopped;
    private volatile StatusAt status = new StatusAt(OwnershipStatus.NOTHING, 0);

    /** A status and the loop's time at which it was so. */
    private record StatusAt(OwnershipStatus status, long time) {}

    private BucketOwnership(
            ClusterLink link,
            BucketRouter router,
            String nodeId,
            OwnershipSettings settings,
            OwnershipListener listener) {
        this.link = link;
        this.router = router;
        this.nodeId = nodeId;
        this.settings = settings;
        this.listener = listener;
        this.machine =
                new OwnershipMachine(nodeId, link.keys(), settings, link.store().maxTransactionOperations());
        this.driver = new StateMachineDriver<>(link.loop(), machine, this::perform);
        this.calls = new ListenerCalls(link.loop(), link.workers());
        this.waiters = new Waiters(link.loop(), this::tryEnter, this::refused);
        link.loop().execute(() -> link.mirror().subscribe(this::onMirrorUpdate));
    }

    /**
     * Returns the ownership of a node on a link that it shares with the other roles of its process; for the library's
     * own use.
     *
     * @param router a router on the same link, made earlier, so that it is told of changes first
     */
    public static BucketOwnership sharing(
            ClusterLink link,
            BucketRouter router,
            String nodeId,
            OwnershipSettings settings,
            OwnershipListener listener) {
        return new BucketOwnership(link, router, nodeId, settings, listener);
    }

    /** Returns who has to be told of the node's session; for the library's own use. */
    public SessionListener session() {
        return session;
    }

    /**
     * Returns a guard for the base with {@code uuid}.
     *
     * @throws NotOwnerException if this process does not own it now; says whom to ask
     */
    public Guard enter(UUID uuid) {
        return enterNow(Bucket.indexOf(uuid));
    }

    /**
     * Returns a guard for the base with {@code uuid}.
     *
     * @param uuid a whole UUID, dashed (36 characters) or undashed (32), in upper or lower case
     * @throws IllegalArgumentException if it is anything else; the message shows the value
     * @throws NotOwnerException if this process does not own it now; says whom to ask
     */
    public Guard enter(CharSequence uuid) {
        return enterNow(Bucket.indexOf(uuid));
    }

    /**
     * Returns a guard for the bases of {@code bucket}.
     *
     * @throws NotOwnerException if this process does not own it now; says whom to ask
     */
    public Guard enter(Bucket bucket) {
        return enterNow(bucket.index());
    }

    /**
     * Returns a guard for the base with {@code uuid}, and waits for it if this process is about to own the bucket.
     *
     * @param maxWait how long to wait at most; refuses at once if it is zero
     * @throws NotOwnerException if this process does not own it, and is not about to, or not in time; says whom to ask
     * @throws IllegalArgumentException if {@code maxWait} is negative
     * @throws InterruptedException if the thread is interrupted while it waits; no guard is lost
     */
    public Guard enter(UUID uuid, Duration maxWait) throws InterruptedException {
        return enter(Bucket.of(uuid), maxWait);
    }

    /**
     * Returns a guard for the base with {@code uuid}, and waits for it if this process is about to own the bucket.
     *
     * @param uuid a whole UUID, dashed (36 characters) or undashed (32), in upper or lower case
     * @param maxWait how long to wait at most; refuses at once if it is zero
     * @throws NotOwnerException if this process does not own it, and is not about to, or not in time; says whom to ask
     * @throws IllegalArgumentException if {@code uuid} is no UUID, or {@code maxWait} is negative
     * @throws InterruptedException if the thread is interrupted while it waits; no guard is lost
     */
    public Guard enter(CharSequence uuid, Duration maxWait) throws InterruptedException {
        return enter(Bucket.of(uuid), maxWait);
    }

    /**
     * Returns a guard for the bases of {@code bucket}, and waits for it if this process is about to own the bucket.
     *
     * @param maxWait how long to wait at most; refuses at once if it is zero
     * @throws NotOwnerException if this process does not own it, and is not about to, or not in time; says whom to ask
     * @throws IllegalArgumentException if {@code maxWait} is negative
     * @throws InterruptedException if the thread is interrupted while it waits; no guard is lost
     */
    public Guard enter(Bucket bucket, Duration maxWait) throws InterruptedException {
        requireNotNegative(maxWait);
        Guard now = tryEnter(bucket);
        if (now != null) {
            return now;
        }
        CompletableFuture<Guard> later = await(bucket, maxWait);
        try {
            return later.get(bounded(maxWait).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Waiters.takeOrGiveUp(later, refused(bucket));
        } catch (InterruptedException e) {
            if (!later.completeExceptionally(e) && !later.isCompletedExceptionally()) {
                later.join().close();
            }
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NotOwnerException refusal ? refusal : refused(bucket);
        }
    }

    /**
     * Asks for a guard for the base with {@code uuid} without blocking.
     *
     * @param maxWait how long to wait at most if this process is about to own the bucket
     * @return completes with the guard, on a thread of the library that serves listeners only; exceptionally with a
     *     {@link NotOwnerException}. Completing or cancelling it oneself loses no guard
     * @throws IllegalArgumentException if {@code maxWait} is negative
     */
    public CompletionStage<Guard> enterAsync(UUID uuid, Duration maxWait) {
        return enterAsync(Bucket.of(uuid), maxWait);
    }

    /**
     * Asks for a guard for the base with {@code uuid} without blocking.
     *
     * @param uuid a whole UUID, dashed (36 characters) or undashed (32), in upper or lower case
     * @param maxWait how long to wait at most if this process is about to own the bucket
     * @return completes with the guard, on a thread of the library that serves listeners only; exceptionally with a
     *     {@link NotOwnerException}. Completing or cancelling it oneself loses no guard
     * @throws IllegalArgumentException if {@code uuid} is no UUID, or {@code maxWait} is negative
     */
    public CompletionStage<Guard> enterAsync(CharSequence uuid, Duration maxWait) {
        return enterAsync(Bucket.of(uuid), maxWait);
    }

    /**
     * Asks for a guard for the bases of {@code bucket} without blocking.
     *
     * @param maxWait how long to wait at most if this process is about to own the bucket
     * @return completes with the guard, on a thread of the library that serves listeners only; exceptionally with a
     *     {@link NotOwnerException}. Completing or cancelling it oneself loses no guard
     * @throws IllegalArgumentException if {@code maxWait} is negative
     */
    public CompletionStage<Guard> enterAsync(Bucket bucket, Duration maxWait) {
        requireNotNegative(maxWait);
        Guard now = tryEnter(bucket);
        if (now != null) {
            return CompletableFuture.completedFuture(now);
        }
        CompletableFuture<Guard> inner = await(bucket, maxWait);
        if (inner.isDone()) {
            return inner;
        }
        CompletableFuture<Guard> outer = new CompletableFuture<>();
        var unused = inner.whenComplete((guard, failure) -> link.callbacks().execute(() -> {
            if (failure == null) {
                Waiters.give(outer, guard);
            } else {
                outer.completeExceptionally(failure);
            }
        }));
        return outer;
    }

    /** Returns what this process owns, is about to own, and hands over. */
    public OwnershipStatus status() {
        StatusAt latest = status;
        return latest.status().after(Duration.ofNanos(link.loop().nanoTime() - latest.time()));
    }

    /**
     * Hands all buckets over to others, waits for that no longer than the leave timeout, then lets the application
     * unload what is left, for no longer than that either, and claims nothing more.
     *
     * @return completes with the buckets that the application has not unloaded: their claims stand, and the session
     *     must be left to expire
     */
    public CompletionStage<BucketSet> leave() {
        driver.send(new OwnershipEvent.LeaveRequested());
        return link.outside(left);
    }

    /** Gives no more guards out and makes no more calls. To be called after {@link #leave()}; for the library's own use. */
    public void stop() {
        stopped = true;
        link.loop().execute(() -> {
            // Whoever stops without having left must not have its claims taken away under what is still loaded.
            left.complete(machine.loaded());
            driver.stop();
            for (int i = 0; i < Bucket.COUNT; i++) {
                open.set(i, null);
            }
            waiters.refuseUnless(bucket -> false);
            if (settings.storeOutage() == StoreOutage.KEEP_SERVING_FENCED) {
                revokeAll();
            }
        });
    }

    /** No deadline ends these tenures, and nobody listens for a successor any more. */
    private void revokeAll() {
        for (Tenure tenure : tenures) {
            if (tenure != null) {
                tenure.revoke();
            }
        }
    }

    private static void requireNotNegative(Duration maxWait) {
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait must not be negative, but is " + maxWait);
        }
    }

    private Guard enterNow(int bucketIndex) {
        Guard guard = tryEnter(bucketIndex);
        if (guard == null) {
            throw refused(Bucket.of(bucketIndex));
        }
        return guard;
    }

    /** What is longer than a year is for ever, and must not overflow. */
    private static Duration bounded(Duration maxWait) {
        return maxWait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : maxWait;
    }

    private @Nullable Guard tryEnter(Bucket bucket) {
        return tryEnter(bucket.index());
    }

    private @Nullable Guard tryEnter(int bucketIndex) {
        Tenure tenure = open.get(bucketIndex);
        return tenure == null ? null : tenure.tryEnter();
    }

    private CompletableFuture<Guard> await(Bucket bucket, Duration maxWait) {
        CompletableFuture<Guard> guard = new CompletableFuture<>();
        if (stopped) {
            guard.completeExceptionally(refused(bucket));
            return guard;
        }
        link.loop().execute(() -> {
            waiters.add(bucket, guard, bounded(maxWait));
            waiters.admit(bucket);
            waiters.refuseUnless(machine::expects);
        });
        if (stopped) {
            // The loop may have ended before it got to this.
            guard.completeExceptionally(refused(bucket));
        }
        return guard;
    }

    private NotOwnerException refused(Bucket bucket) {
        BucketView view = router.view(bucket);
        return new NotOwnerException(new NotOwner(bucket, view.assignedTo(), view.assignmentRevision()));
    }

    private void onMirrorUpdate(MirrorUpdate update) {
        Keyspace keys = link.keys();
        for (String key : update.changedKeys()) {
            Bucket claimed = Keyspace.bucketAfter(keys.claims(), key);
            if (claimed != null) {
                claims[claimed.index()] = link.mirror().get(key);
            }
            Bucket released = Keyspace.bucketAfter(keys.forcedReleases(), key);
            if (released != null) {
                forced[released.index()] = ForcedRelease.tokenIn(link.mirror().get(key));
            }
        }
        Assignment assignment = router.assignment();
        Entry entry = link.mirror().get(keys.assignment());
        boolean inForce = entry != null && entry.modRevision() == assignment.revision();
        driver.send(new OwnershipEvent.ClusterSeen(new ClusterView(
                update.revision(),
                assignment.bucketsOf(nodeId),
                assignment.unassignedBuckets(),
                inForce ? assignment.revision() : 0,
                claims.clone(),
                forced.clone(),
                link.mirror().get(keys.leaving(nodeId)),
                hasSuccessors(),
                update.history())));
        lookBackSoon();
    }

    private boolean hasSuccessors() {
        Keyspace keys = link.keys();
        if (link.mirror().get(keys.monitor()) == null) {
            return false;
        }
        for (String key : link.mirror().under(keys.nodes()).keySet()) {
            String other = key.substring(keys.nodes().length());
            if (!other.equals(nodeId) && link.mirror().get(keys.leaving(other)) == null) {
                return true;
            }
        }
        return false;
    }

    private void perform(OwnershipAction action) {
        if (action instanceof OwnershipAction.Commit commit) {
            commit(commit);
        } else if (action instanceof OwnershipAction.Refresh) {
            link.mirror().refresh();
        } else if (action instanceof OwnershipAction.Begin begin) {
            begin(begin.bucket(), begin.token());
        } else if (action instanceof OwnershipAction.Open opening) {
            open.set(opening.bucket().index(), tenures[opening.bucket().index()]);
            waiters.admit(opening.bucket());
        } else if (action instanceof OwnershipAction.Close close) {
            close(close.bucket(), close.token());
        } else if (action instanceof OwnershipAction.Unload unload) {
            unload(unload.bucket(), unload.token());
        } else if (action instanceof OwnershipAction.End end) {
            end(end.bucket(), end.token());
        } else if (action instanceof OwnershipAction.Lose lose) {
            lose(lose.bucket(), lose.token(), lose.cause());
        } else if (action instanceof OwnershipAction.TellLeft tell) {
            tellLeft(tell.notUnloaded());
        } else {
            warn(action);
        }
        lookBackSoon();
    }

    /** Once for many actions: says what is so now, and refuses those who wait in vain. */
    private void lookBackSoon() {
        if (!lookingBack) {
            lookingBack = true;
            link.loop().execute(() -> {
                lookingBack = false;
                long now = link.loop().nanoTime();
                status = new StatusAt(machine.status(now), now);
                waiters.refuseUnless(machine::expects);
            });
        }
    }

    private void commit(OwnershipAction.Commit commit) {
        link.commit(
                commit.transaction(),
                answer -> driver.send(new OwnershipEvent.CommitAnswered(commit.number(), answer)));
    }

    private void begin(Bucket bucket, long token) {
        LOG.info("Bucket claimed: cluster={} node={} bucket={} token={}", cluster(), nodeId, bucket, token);
        Tenure tenure = new Tenure(bucket, token, validity);
        tenures[bucket.index()] = tenure;
        calls.add(bucket, () -> {
            try {
                listener.acquired(tenure);
            } catch (RuntimeException | Error e) {
                listenerFailed("acquired", tenure, e);
            } finally {
                driver.send(new OwnershipEvent.AcquiredReturned(bucket, token));
            }
        });
    }

    private void close(Bucket bucket, long token) {
        LOG.info("Bucket is handed over: cluster={} node={} bucket={} token={}", cluster(), nodeId, bucket, token);
        open.set(bucket.index(), null);
        Tenure tenure = tenures[bucket.index()];
        if (tenure != null) {
            tenure.gate().close(() -> driver.send(new OwnershipEvent.Drained(bucket, token)));
        }
    }

    private void unload(Bucket bucket, long token) {
        Tenure tenure = tenures[bucket.index()];
        if (tenure == null) {
            return;
        }
        calls.add(bucket, () -> {
            CompletionStage<?> unloaded = unload(tenure);
            unloaded.whenComplete((done, failure) -> {
                if (failure == null) {
                    // Before the claim is deleted: from then on the bucket can be another's.
                    tenure.revoke();
                    driver.send(new OwnershipEvent.Unloaded(bucket, token));
                } else {
                    driver.send(new OwnershipEvent.UnloadFailed(bucket, token, failure));
                }
            });
        });
    }

    /** What is late must not flush over a successor: the loss of such a tenure is on its way. */
    private CompletionStage<?> unload(Tenure tenure) {
        if (!tenure.isValid()) {
            return CompletableFuture.failedStage(
                    new IllegalStateException("the session may not be relied on any more: " + tenure));
        }
        try {
            return Objects.requireNonNull(listener.releasing(tenure), "the listener's call releasing() returned null");
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void end(Bucket bucket, long token) {
        LOG.info("Bucket released: cluster={} node={} bucket={} token={}", cluster(), nodeId, bucket, token);
        retire(bucket);
    }

    private void lose(Bucket bucket, long token, LossCause cause) {
        LOG.warn(
                "Bucket lost, nothing of it may be flushed: cluster={} node={} bucket={} token={} cause={}",
                cluster(),
                nodeId,
                bucket,
                token,
                cause);
        Tenure tenure = retire(bucket);
        if (tenure == null) {
            return;
        }
        calls.add(bucket, () -> {
            try {
                listener.lost(tenure);
            } catch (RuntimeException | Error e) {
                listenerFailed("lost", tenure, e);
            } finally {
                driver.send(new OwnershipEvent.LostReturned(bucket));
            }
        });
    }

    /** Ends a tenure for good: whoever still has a guard of it has an invalid one. */
    private @Nullable Tenure retire(Bucket bucket) {
        Tenure tenure = tenures[bucket.index()];
        open.set(bucket.index(), null);
        tenures[bucket.index()] = null;
        if (tenure != null) {
            tenure.revoke();
        }
        return tenure;
    }

    private void tellLeft(BucketSet notUnloaded) {
        if (notUnloaded.isEmpty()) {
            LOG.info("All buckets are handed over or unloaded: cluster={} node={}", cluster(), nodeId);
        } else {
            LOG.warn(
                    "Not unloaded in time, so their claims are left to expire: cluster={} node={} buckets={}",
                    cluster(),
                    nodeId,
                    notUnloaded);
        }
        left.complete(notUnloaded);
    }

    private void warn(OwnershipAction action) {
        if (action instanceof OwnershipAction.TellSlow slow) {
            LOG.warn(
                    "Waiting for {} since {}: cluster={} node={} bucket={} token={}",
                    slow.waitingFor(),
                    slow.since(),
                    cluster(),
                    nodeId,
                    slow.bucket(),
                    slow.token());
        } else if (action instanceof OwnershipAction.TellUnloadFailed failed) {
            LOG.warn(
                    "The application could not unload, its claim is kept, asking again in {}: cluster={} node={}"
                            + " bucket={} token={}",
                    failed.retryIn(),
                    cluster(),
                    nodeId,
                    failed.bucket(),
                    failed.token(),
                    failed.cause());
        } else if (action instanceof OwnershipAction.TellUnknown unknown) {
            LOG.warn(
                    "Claims without an answer, looking at the store: cluster={} node={} cause={}",
                    cluster(),
                    nodeId,
                    unknown.cause().getMessage());
        }
    }

    private void listenerFailed(String call, Tenure tenure, Throwable cause) {
        LOG.error("The listener's call {} failed: cluster={} node={} {}", call, cluster(), nodeId, tenure, cause);
    }

    private String cluster() {
        return link.keys().prefix();
    }

    /** Ties what is claimed to the session under whose lease it is claimed. */
    private final class ClaimsSession implements SessionListener {

        @Override
        public void acquired(Held held) {
            validity = settings.storeOutage() == StoreOutage.STOP_SERVING
                    ? new Validity.UntilDeadline(link.loop())
                    : new Validity.UntilRevoked();
            driver.send(new OwnershipEvent.SessionHeld(held));
        }

        @Override
        public void deadlineMoved(long deadline) {
            if (validity instanceof Validity.UntilDeadline bounded) {
                bounded.extendTo(deadline);
            }
        }

        @Override
        public void lost(Held held, LossReason reason) {
            if (validity instanceof Validity.UntilDeadline bounded) {
                bounded.end();
            }
            driver.send(new OwnershipEvent.SessionLost());
        }
    }
}
