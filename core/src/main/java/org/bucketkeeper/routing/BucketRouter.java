package org.bucketkeeper.routing;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.internal.cluster.ClaimValue;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.mirror.Freshness;
import org.bucketkeeper.internal.mirror.MirrorUpdate;
import org.bucketkeeper.membership.LiveNodes;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which node serves a base, for every request, without asking anybody: keeps the cluster's table in memory and
 * is told of each change in real time.
 *
 * <p>Routing takes no lock, allocates nothing and costs one volatile read; any number of threads may route at once.
 * While the store is away the router goes on with the last table it knows; {@link #status()} says how old that is.
 *
 * <p>Thread-safe. Only {@link #awaitReady} blocks. Uses two daemon threads, which {@link #close()} ends.
 *
 * <p>Not guaranteed: that the node named still serves the bucket when a request arrives there. The table is out of date
 * for as long as the news takes, and while the store is away. A server that uses this library refuses what it does not
 * own and names the owner; ask there then.
 */
public final class BucketRouter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BucketRouter.class);

    private final ClusterLink link;
    private final LiveNodes liveNodes;
    private final boolean ownsLink;
    private final List<RoutingListener> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Map<Bucket, Entry> claims = new ConcurrentHashMap<>();
    private volatile RoutingTable table = RoutingTable.EMPTY;
    private volatile @Nullable Route[] routes = RoutingTable.EMPTY.routes();

    private BucketRouter(ClusterLink link, boolean ownsLink) {
        this.link = link;
        this.liveNodes = LiveNodes.in(link.mirror(), link.keys());
        this.ownsLink = ownsLink;
        link.loop().execute(() -> link.mirror().subscribe(this::onMirrorUpdate));
    }

    /** Returns a router of the cluster at the default prefix over {@code store}, which stays the caller's to close. */
    public static BucketRouter connect(CoordinationStore store) {
        return connect(store, Keyspace.DEFAULT_PREFIX);
    }

    /**
     * Returns a router of the cluster at a prefix over {@code store}, which stays the caller's to close.
     *
     * @throws IllegalArgumentException if the prefix does not begin and end with a slash
     */
    public static BucketRouter connect(CoordinationStore store, String prefix) {
        return new BucketRouter(ClusterLink.open(store, new Keyspace(prefix), "router"), true);
    }

    /** Returns a router on a link that it shares with the other roles of its process; for the library's own use. */
    public static BucketRouter sharing(ClusterLink link) {
        return new BucketRouter(link, false);
    }

    /**
     * Returns where the base with {@code uuid} is served.
     *
     * @throws NoOwnerException if nobody serves it now
     */
    public Route route(UUID uuid) {
        return routeTo(Bucket.indexOf(uuid));
    }

    /**
     * Returns where the base with {@code uuid} is served.
     *
     * @param uuid a whole UUID, dashed (36 characters) or undashed (32), in upper or lower case
     * @throws IllegalArgumentException if it is anything else; the message shows the value
     * @throws NoOwnerException if nobody serves it now
     */
    public Route route(CharSequence uuid) {
        return routeTo(Bucket.indexOf(uuid));
    }

    /**
     * Returns where the bases of {@code bucket} are served.
     *
     * @throws NoOwnerException if nobody serves them now
     */
    public Route route(Bucket bucket) {
        return routeTo(bucket.index());
    }

    /**
     * Returns who {@code bucket} is assigned to and who holds it, as this process last heard. Allocates; meant for
     * people and status pages, not for every request.
     */
    public BucketView view(Bucket bucket) {
        RoutingTable current = table;
        Route route = current.routes()[bucket.index()];
        Entry claim = claims.get(bucket);
        ClaimValue holder = claim == null ? null : ClaimValue.read(claim.value());
        return new BucketView(
                bucket,
                route == null ? null : route.node(),
                current.assignment().revision(),
                holder == null ? null : holder.nodeId(),
                claim == null ? 0 : claim.createRevision());
    }

    /** Returns the assignment in force; its revision is 0 if none was read yet. */
    public Assignment assignment() {
        return table.assignment();
    }

    /** Tells how far the table can be trusted. */
    public RouterStatus status() {
        Freshness freshness = link.mirror().freshness();
        Assignment assignment = table.assignment();
        return new RouterStatus(
                freshness.connected() ? StoreHealth.CONNECTED : StoreHealth.DISCONNECTED,
                Duration.ofNanos(Math.max(0, link.loop().nanoTime() - freshness.confirmedAt())),
                assignment.revision(),
                assignment.version());
    }

    /** Returns a stage that completes when the first assignment was read; exceptionally if the router is closed first. */
    public CompletionStage<Void> ready() {
        return link.outside(ready);
    }

    /**
     * Waits until the first assignment was read.
     *
     * @throws TimeoutException if that takes longer than {@code timeout}
     * @throws IllegalStateException if the router is closed meanwhile
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void awaitReady(Duration timeout) throws TimeoutException, InterruptedException {
        try {
            ready.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the router is closed", e);
        }
    }

    /** Adds a listener; it is told of changes from now on. */
    public void addListener(RoutingListener listener) {
        listeners.add(listener);
    }

    /** Stops following the cluster; routing goes on with the last table. Returns at once; safe to call twice. */
    @Override
    public void close() {
        ready.completeExceptionally(new IllegalStateException("the router is closed"));
        if (ownsLink) {
            link.close();
        }
    }

    private Route routeTo(int bucketIndex) {
        Route route = routes[bucketIndex];
        if (route == null) {
            throw new NoOwnerException(
                    Bucket.of(bucketIndex), table.assignment().revision());
        }
        return route;
    }

    private void onMirrorUpdate(MirrorUpdate update) {
        Keyspace keys = link.keys();
        if (update.touches(keys.claims())) {
            readClaims(update);
        }
        if (!update.touches(keys.assignment()) && !update.touches(keys.nodes())) {
            return;
        }
        RoutingTable before = table;
        RoutingTable after = before.next(
                update.touches(keys.assignment()) ? readAssignment(before) : before.assignment(),
                update.touches(keys.nodes()) ? readNodes() : before.liveNodes());
        table = after;
        routes = after.routes();
        long revision = after.assignment().revision();
        if (revision > 0) {
            ready.complete(null);
        }
        List<RouteChange> changes = after.changesSince(before);
        if (!changes.isEmpty()) {
            LOG.info("Routes changed: cluster={} revision={} buckets={}", keys.prefix(), revision, changes.size());
            for (RoutingListener listener : listeners) {
                link.callbacks().execute(() -> listener.routesChanged(revision, changes));
            }
        }
    }

    private void readClaims(MirrorUpdate update) {
        String prefix = link.keys().claims();
        for (String key : update.changedKeys()) {
            Bucket bucket = Keyspace.bucketAfter(prefix, key);
            if (bucket != null) {
                Entry claim = link.mirror().get(key);
                if (claim == null) {
                    claims.remove(bucket);
                } else {
                    claims.put(bucket, claim);
                }
            }
        }
    }

    private Map<String, NodeInfo> readNodes() {
        Map<String, NodeInfo> nodes = new HashMap<>();
        liveNodes.all().forEach(node -> nodes.put(node.nodeId(), node.info()));
        return nodes;
    }

    /** A table that cannot be read, or that was deleted, changes no route: the last good one is the better guess. */
    private Assignment readAssignment(RoutingTable before) {
        Entry entry = link.mirror().get(link.keys().assignment());
        if (entry == null) {
            return before.assignment();
        }
        try {
            return before.assignment().successorFromJson(entry.value(), entry.modRevision());
        } catch (IllegalArgumentException e) {
            LOG.warn("The assignment in the store is malformed, going on with the last good one: {}", e.getMessage());
            return before.assignment();
        }
    }
}
