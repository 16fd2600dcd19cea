package org.bucketkeeper.monitor;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.assignment.Move;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.mirror.MirrorUpdate;
import org.bucketkeeper.internal.text.JsonMappers;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;

/**
 * Lets an operator's tool steer the cluster from any process: rebalance, cordon, drain, pin, and go on after a mass
 * loss. It writes what the operator wants to the store, where the leading monitor sees it at once.
 *
 * <p>Thread-safe. No method blocks. Uses two daemon threads, which {@link #close()} ends. Every stage completes within
 * the answer timeout plus the store's request timeout, exceptionally an
 * {@link IllegalStateException} if the operator is closed.
 */
public final class ClusterOperator implements AutoCloseable {

    /** How long a request waits for the leader's answer before it is withdrawn. */
    public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

    /** Outlives the answer timeout, so that it is the operator who withdraws a request and not the lease. */
    private static final Duration REQUEST_TTL = Duration.ofSeconds(30);

    private static final Duration LISTENER_INTERVAL = Duration.ofSeconds(1).dividedBy(ClusterListener.CALLS_PER_SECOND);

    private static final int POLICY_ATTEMPTS = 10;
    private static final ObjectMapper JSON = JsonMappers.builder().build();

    private final ClusterLink link;
    private final boolean ownsLink;
    private final ClusterStateReader reader;
    private final Map<String, CompletableFuture<Answered>> unanswered = new HashMap<>();
    private final Map<Long, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
    private final ForcedReleases forcedReleases;
    private final OverviewReader overviews;
    private final List<ClusterListener> listeners = new CopyOnWriteArrayList<>();
    private boolean listenersWillBeTold;
    private final AtomicLong begun = new AtomicLong();
    private volatile boolean closed;

    /** The leader's answer, when it was given, and what it moved. */
    private record Answered(RequestAnswer answer, long revision, List<Move> moves) {}

    private ClusterOperator(ClusterLink link, boolean ownsLink) {
        this.link = link;
        this.ownsLink = ownsLink;
        this.reader = new ClusterStateReader(link);
        this.overviews = new OverviewReader(link);
        this.forcedReleases = new ForcedReleases(link, ANSWER_TIMEOUT, REQUEST_TTL);
        link.loop().execute(() -> link.mirror().subscribe(this::onMirrorUpdate));
    }

    /** Returns an operator of the cluster at the default prefix over {@code store}, which stays the caller's to close. */
    public static ClusterOperator connect(CoordinationStore store) {
        return connect(store, Keyspace.DEFAULT_PREFIX);
    }

    /**
     * Returns an operator of the cluster at a prefix over {@code store}, which stays the caller's to close.
     *
     * @throws IllegalArgumentException if the prefix does not begin and end with a slash
     */
    public static ClusterOperator connect(CoordinationStore store, String prefix) {
        return new ClusterOperator(ClusterLink.open(store, new Keyspace(prefix), "operator"), true);
    }

    /** Returns an operator on a link that it shares with the other roles of its process; for the library's own use. */
    public static ClusterOperator sharing(ClusterLink link) {
        return new ClusterOperator(link, false);
    }

    /**
     * Plans without changing anything: what a rebalance, or what the monitor by itself, would do now.
     *
     * @return the plan from the cluster as this process last heard of it; exceptionally a {@link StoreException} if it
     *     has heard nothing yet, or an {@link OperationRefusedException} if what stands in the store cannot be read
     */
    public CompletionStage<RebalancePlan> plan(RebalanceMode mode) {
        CompletableFuture<RebalancePlan> planned = track(new CompletableFuture<>());
        link.loop().execute(() -> {
            if (!link.mirror().isReady()) {
                planned.completeExceptionally(new StoreException("nothing was heard of the cluster yet"));
                return;
            }
            ClusterState state = reader.read(true);
            if (state.problem() != null) {
                planned.completeExceptionally(new OperationRefusedException(state.problem()));
            } else {
                planned.complete(Planning.plan(state, mode));
            }
        });
        return link.outside(planned);
    }

    /**
     * Returns how the whole cluster stands, as this process last heard of it.
     *
     * @return exceptionally a {@link StoreException} if it has heard nothing yet
     */
    public CompletionStage<ClusterOverview> overview() {
        CompletableFuture<ClusterOverview> read = track(new CompletableFuture<>());
        link.loop().execute(() -> {
            if (link.mirror().isReady()) {
                read.complete(overviews.read(reader.read(true)));
            } else {
                read.completeExceptionally(new StoreException("nothing was heard of the cluster yet"));
            }
        });
        return link.outside(read);
    }

    /** Adds a listener; it is told of changes from now on, and soon of how the cluster stands, if that is known. */
    public void addListener(ClusterListener listener) {
        listeners.add(listener);
        link.loop().execute(this::tellListeners);
    }

    /**
     * Asks the store how much is left of the lease of each registered node, with one request a node.
     *
     * @return by the node's name, in order; whole seconds where the store counts in these, zero if the node has just
     *     gone; exceptionally a {@link StoreException}
     */
    public CompletionStage<SortedMap<String, Duration>> leaseTimes() {
        CompletableFuture<SortedMap<String, Duration>> asked = track(new CompletableFuture<>());
        link.loop().execute(() -> {
            SortedMap<String, Duration> times = new ConcurrentSkipListMap<>();
            List<CompletableFuture<?>> answers = new ArrayList<>();
            link.mirror().under(link.keys().nodes()).forEach((key, entry) -> {
                String nodeId = key.substring(link.keys().nodes().length());
                answers.add(link.store()
                        .timeToLive(entry.leaseId())
                        .thenAccept(left -> times.put(nodeId, left))
                        .toCompletableFuture());
            });
            CompletionStage<Void> all = CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]));
            all.whenComplete((done, failure) -> {
                if (failure == null) {
                    asked.complete(times);
                } else {
                    asked.completeExceptionally(StoreException.from(failure));
                }
            });
        });
        return link.outside(asked);
    }

    /**
     * Reads who owned {@code bucket} when, as the leading monitors saw it.
     *
     * @return oldest first, at most {@value TenureHistoryMachine#MOST_TENURES}; empty if nothing was recorded;
     *     exceptionally a {@link StoreException}, or an {@link OperationRefusedException} if the record cannot be read
     */
    public CompletionStage<List<PastTenure>> history(Bucket bucket) {
        String key = link.keys().history(bucket);
        CompletableFuture<List<PastTenure>> read = track(new CompletableFuture<>());
        link.store().read(key).whenComplete((snapshot, failure) -> {
            if (failure != null) {
                read.completeExceptionally(StoreException.from(failure));
                return;
            }
            Entry entry = snapshot.entry(key);
            try {
                read.complete(entry == null ? List.of() : TenureJson.read(bucket, entry.value()));
            } catch (IllegalArgumentException e) {
                read.completeExceptionally(new OperationRefusedException(String.valueOf(e.getMessage())));
            }
        });
        return link.outside(read);
    }

    /**
     * Asks the leading monitor to even the load out now, with the fewest moves.
     *
     * @return completes when the new assignment is committed, or was not needed; exceptionally an
     *     {@link OperationRefusedException} if the leader refuses, or a {@link StoreException} if no answer came within
     *     {@link #ANSWER_TIMEOUT}, after which it may have been done all the same, and the assignment shows it
     */
    public CompletionStage<RebalanceOutcome> rebalance() {
        return ask(OperatorRequest.Kind.REBALANCE)
                .thenApply(answered -> new RebalanceOutcome(
                        answered.answer().moves(),
                        answered.answer().lowerBound(),
                        answered.revision(),
                        answered.moves()));
    }

    /**
     * Tells the leading monitor to go on after a mass loss, without waiting for the hold to end.
     *
     * @return completes when the leader has taken note; exceptionally as {@link #rebalance()}
     */
    public CompletionStage<Void> resume() {
        return ask(OperatorRequest.Kind.RESUME).thenApply(answer -> null);
    }

    /**
     * Ends a release that hangs: the owner's guards on {@code bucket} turn invalid, what it holds in memory is dropped
     * without being flushed, and the next owner takes over. <b>What was not flushed is lost.</b> Look at
     * {@link org.bucketkeeper.routing.BucketRouter#view} first, which shows the owner and the token.
     *
     * <p>The claim is given up by its owner, never taken away from it: nobody else begins while a guard of it is valid.
     *
     * @param token the fencing token of the claim that hangs, so that a command that comes late does not hit a later
     *     claim
     * @return completes when the claim is gone; exceptionally an {@link OperationRefusedException} if there is no such
     *     claim, or a {@link StoreException} if the owner did not react within {@link #ANSWER_TIMEOUT}, be it that it
     *     cannot, or that it is not releasing the bucket; it may react yet
     */
    public CompletionStage<Void> forceRelease(Bucket bucket, long token) {
        CompletableFuture<Void> done = track(new CompletableFuture<>());
        forcedReleases.ask(bucket, token, done);
        return link.outside(done);
    }

    /**
     * Changes what the operators want: cordons, drains, pins, capacities, automatic balancing. The monitor acts on it
     * at once.
     *
     * @param change makes the new policy out of the one in force; may be called several times, on a thread of the
     *     library, if others change the policy at the same time
     * @return the policy then in force; exceptionally a {@link StoreException}, after which the change was made or not;
     *     an {@link OperationRefusedException} if others keep changing it or the policy in the store cannot be read; or
     *     what {@code change} throws
     */
    public CompletionStage<Policy> changePolicy(UnaryOperator<Policy> change) {
        return changePolicy(change, POLICY_ATTEMPTS);
    }

    /** Stops following the cluster and fails what is under way. Returns at once; safe to call twice. */
    @Override
    public void close() {
        closed = true;
        for (CompletableFuture<?> stage : underWay.values()) {
            stage.completeExceptionally(closedException());
        }
        if (ownsLink) {
            link.close();
        }
    }

    private CompletionStage<Policy> changePolicy(UnaryOperator<Policy> change, int attemptsLeft) {
        String key = link.keys().policy();
        return link.store().read(key).thenCompose(snapshot -> {
            Policy before = Policy.DEFAULT;
            Transaction.Builder transaction = Transaction.builder();
            Entry standing = snapshot.entry(key);
            if (standing == null) {
                transaction.ifAbsent(key);
            } else {
                before = readPolicy(standing);
                transaction.ifModifiedAt(key, standing.modRevision());
            }
            Policy after = change.apply(before);
            if (after.equals(before)) {
                return CompletableFuture.completedFuture(before);
            }
            return link.store()
                    .commit(transaction.put(key, after.toJson()).build())
                    .thenCompose(result -> policyCommitted(result, after, change, attemptsLeft));
        });
    }

    private CompletionStage<Policy> policyCommitted(
            CommitResult result, Policy after, UnaryOperator<Policy> change, int attemptsLeft) {
        if (result instanceof CommitResult.Committed) {
            return CompletableFuture.completedFuture(after);
        }
        if (result instanceof CommitResult.Unknown unknown) {
            return CompletableFuture.failedFuture(unknown.cause());
        }
        if (attemptsLeft <= 1) {
            return CompletableFuture.failedFuture(
                    new OperationRefusedException("the policy was changed by others at each attempt"));
        }
        return changePolicy(change, attemptsLeft - 1);
    }

    private static Policy readPolicy(Entry standing) {
        try {
            return Policy.fromJson(standing.value());
        } catch (IllegalArgumentException e) {
            throw new OperationRefusedException(String.valueOf(e.getMessage()));
        }
    }

    /** Writes the request under a lease of its own, and withdraws it, answered or not, by revoking the lease. */
    private CompletionStage<Answered> ask(OperatorRequest.Kind kind) {
        CompletableFuture<Answered> asked = track(new CompletableFuture<>());
        link.store().grantLease(REQUEST_TTL).whenComplete((lease, failure) -> {
            if (failure != null) {
                asked.completeExceptionally(StoreException.from(failure));
            } else if (asked.isDone()) {
                link.store().revokeLease(lease.id());
            } else {
                link.loop().execute(() -> ask(kind, lease, asked));
            }
        });
        return link.outside(asked);
    }

    private void ask(OperatorRequest.Kind kind, Lease lease, CompletableFuture<Answered> asked) {
        String key = link.keys().requests() + Long.toHexString(lease.id());
        unanswered.put(key, asked);
        EventLoop.Timer timeout = link.loop()
                .schedule(
                        ANSWER_TIMEOUT,
                        () -> asked.completeExceptionally(new StoreException("no monitor answered within "
                                + ANSWER_TIMEOUT + ": is one running, and the store in reach?")));
        withdrawWhenDone(asked, key, lease, timeout);
        String request = JSON.createObjectNode()
                .put("request", kind.name().toLowerCase(Locale.ROOT))
                .toString();
        Transaction write = Transaction.builder()
                .ifAbsent(key)
                .putUnder(lease.id(), key, request)
                .build();
        // Without an answer to the commit the request may stand all the same: then its own answer will tell.
        link.store().commit(write).whenComplete((result, failure) -> {
            if (result instanceof CommitResult.Rejected) {
                asked.completeExceptionally(new OperationRefusedException("the request's key is taken: " + key));
            }
        });
    }

    private void withdrawWhenDone(CompletionStage<Answered> asked, String key, Lease lease, EventLoop.Timer timeout) {
        asked.whenComplete((answer, failure) -> {
            link.store().revokeLease(lease.id());
            link.loop().execute(() -> {
                timeout.cancel();
                unanswered.remove(key);
            });
        });
    }

    /** Sees to it that {@link #close()} finds {@code stage}. */
    private <T> CompletableFuture<T> track(CompletableFuture<T> stage) {
        long number = begun.incrementAndGet();
        underWay.put(number, stage);
        CompletionStage<T> tracked = stage;
        tracked.whenComplete((value, failure) -> underWay.remove(number));
        if (closed) {
            stage.completeExceptionally(closedException());
        }
        return stage;
    }

    /** The leader writes its answer and the table in one transaction. */
    private List<Move> movesAt(long revision) {
        Assignment assignment = reader.read(false).assignment();
        return assignment.revision() == revision ? assignment.moves() : List.of();
    }

    private static IllegalStateException closedException() {
        return new IllegalStateException("the operator is closed");
    }

    /** Waits a little, so that changes that come together are told together. */
    private void tellListeners() {
        if (listenersWillBeTold || listeners.isEmpty() || !link.mirror().isReady()) {
            return;
        }
        listenersWillBeTold = true;
        link.loop().schedule(LISTENER_INTERVAL, () -> {
            listenersWillBeTold = false;
            ClusterOverview overview = overviews.read(reader.read(true));
            for (ClusterListener listener : listeners) {
                link.callbacks().execute(() -> listener.clusterChanged(overview));
            }
        });
    }

    private void onMirrorUpdate(MirrorUpdate update) {
        tellListeners();
        forcedReleases.lookAgain();
        for (String key : update.changedKeys()) {
            CompletableFuture<Answered> asked = unanswered.get(key);
            Entry entry = link.mirror().get(key);
            RequestAnswer answer = asked == null || entry == null ? null : RequestAnswer.read(entry.value());
            if (asked != null && entry != null && answer != null) {
                if (answer.refusal() == null) {
                    asked.complete(new Answered(answer, entry.modRevision(), movesAt(entry.modRevision())));
                } else {
                    asked.completeExceptionally(new OperationRefusedException(answer.refusal()));
                }
            }
        }
    }
}
