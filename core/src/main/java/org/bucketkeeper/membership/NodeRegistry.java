package org.bucketkeeper.membership;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bucketkeeper.driver.Closing;
import org.bucketkeeper.driver.ProcessIdentity;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.mirror.MirrorUpdate;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.internal.session.HeldKeys;
import org.bucketkeeper.internal.session.LossReason;
import org.bucketkeeper.internal.session.Session;
import org.bucketkeeper.internal.session.SessionListener;
import org.bucketkeeper.internal.session.SessionSettings;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a process a member of the cluster and tells who else is one: registers a node under a lease that it keeps
 * alive, registers it anew by itself after an outage that outlasted the lease, and lists and follows the live nodes.
 *
 * <p>An outage of the store that is shorter than the lease gives nothing up. After a longer one the node comes back as
 * a new incarnation.
 *
 * <p>Two processes with one name are never registered both: the second waits until the first's lease is gone and fails
 * if that takes longer than the takeover timeout. It does not wait if the first is provably dead: it ran on this very
 * machine since it was booted, in the same space of process numbers and as the same user, and Linux says that it runs
 * no longer. Then the registration is taken over in place, so that nobody sees it vanish and nothing is assigned anew. So
 * is an earlier registration of this very registry that a store brought up again, because it had lost writes. A node that
 * was registered once never fails: it waits for its name as long as it takes.
 *
 * <p>Thread-safe. No method but {@link #close()} blocks. Uses two daemon threads, which {@link #close()} ends.
 *
 * <p>Not guaranteed: that a node that is listed still runs; a dead one is listed until its lease expires.
 */
public final class NodeRegistry implements AutoCloseable {

    /** The lease's time to live where none is chosen. */
    public static final Duration DEFAULT_SESSION_TTL = Duration.ofSeconds(90);

    private static final Logger LOG = LoggerFactory.getLogger(NodeRegistry.class);

    private final ClusterLink link;
    private final LiveNodes liveNodes;
    private final @Nullable SessionSettings sessionSettings;
    private final CompatibleKeys compatibleKeys;
    private final boolean ownsLink;
    private final List<NodeListener> nodeListeners = new CopyOnWriteArrayList<>();
    private final List<RegistrationListener> registrationListeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<LiveNode> registration = new CompletableFuture<>();
    private volatile Map<String, LiveNode> nodes = Map.of();
    private final List<SessionListener> dependants;
    private @Nullable Session session;
    private boolean closed;

    private NodeRegistry(
            ClusterLink link,
            @Nullable SessionSettings sessionSettings,
            CompatibleKeys compatibleKeys,
            List<SessionListener> dependants,
            boolean ownsLink) {
        this.link = link;
        this.liveNodes = LiveNodes.in(link.mirror(), link.keys());
        this.dependants = List.copyOf(dependants);
        this.sessionSettings = sessionSettings;
        this.compatibleKeys = compatibleKeys;
        this.ownsLink = ownsLink;
        link.loop().execute(() -> link.mirror().subscribe(this::onMirrorUpdate));
    }

    /**
     * Returns a builder of a registry over {@code store}, which stays the caller's to close, after the registry.
     */
    public static Builder builder(CoordinationStore store) {
        return new Builder(store);
    }

    /**
     * Returns a registry on a link that it shares with the other roles of its process; for the library's own use.
     *
     * @param dependants are told on the link's loop what becomes of the node's session, because what they hold stands
     *     under its lease
     */
    public static NodeRegistry sharing(
            ClusterLink link,
            SessionSettings sessionSettings,
            CompatibleKeys compatibleKeys,
            SessionListener... dependants) {
        return new NodeRegistry(link, sessionSettings, compatibleKeys, List.of(dependants), false);
    }

    /**
     * Returns a registry that only follows who is in the cluster, on a link that it shares with the other roles of its
     * process; for the library's own use.
     */
    public static NodeRegistry following(ClusterLink link) {
        return new NodeRegistry(link, null, CompatibleKeys.NOT_WRITTEN, List.of(), false);
    }

    /**
     * Registers this process as {@code node} and keeps it registered until {@link #close()}. While the store is out of
     * reach it goes on trying.
     *
     * @return completes when the node is registered for the first time; exceptionally a {@link DuplicateNodeException}
     *     if another process holds the name for longer than the takeover timeout, or an {@link IllegalStateException}
     *     if the registry is closed first
     * @throws IllegalStateException if the registry has registered a node already, is closed, or is that of a {@link
     *     org.bucketkeeper.ClusterClient}, which only follows the cluster
     */
    public synchronized CompletionStage<LiveNode> register(NodeInfo node) {
        if (closed) {
            throw new IllegalStateException("the registry is closed");
        }
        if (sessionSettings == null) {
            throw new IllegalStateException("the registry only follows the cluster; a client is no node");
        }
        if (session != null) {
            throw new IllegalStateException("the registry has registered a node already");
        }
        Session started = new Session(link, sessionSettings, keysOf(node), new Registration(node));
        session = started;
        started.start();
        return link.outside(registration);
    }

    /** Returns the live nodes, ordered by name, as this process last heard of them; empty before the first word. */
    public List<LiveNode> nodes() {
        return List.copyOf(nodes.values());
    }

    /** Returns the live node with a name as this process last heard of it; null if there is none. */
    public @Nullable LiveNode node(String nodeId) {
        return nodes.get(nodeId);
    }

    /** Adds a listener; it is told of changes from now on. */
    public void addListener(NodeListener listener) {
        nodeListeners.add(listener);
    }

    /** Adds a listener for this process's own registration; it is told of changes from now on. */
    public void addListener(RegistrationListener listener) {
        registrationListeners.add(listener);
    }

    /**
     * Leaves the cluster at once by revoking the lease, so that nobody waits for it to expire.
     *
     * @return completes when the lease is revoked; also when that was tried in vain, which is logged, and the lease
     *     will expire
     */
    public CompletionStage<Void> leave() {
        return link.outside(release()).whenComplete((done, failure) -> closeLink());
    }

    /** Does what {@link #leave()} does and waits until it is done, at most ten seconds. Safe to call twice. */
    @Override
    public void close() {
        Closing.await(release());
        closeLink();
    }

    /**
     * Renews the registration no more and leaves it, with everything that stands under its lease, to expire; for the
     * library's own use, where something under the lease must outlive this call.
     */
    public CompletionStage<Void> leaveToExpire() {
        return end(Session::leaveToExpire);
    }

    private CompletionStage<Void> release() {
        return end(Session::close);
    }

    private synchronized CompletionStage<Void> end(Function<Session, CompletionStage<Void>> ending) {
        closed = true;
        Session running = session;
        CompletionStage<Void> released =
                running == null ? CompletableFuture.completedStage(null) : ending.apply(running);
        return released.whenComplete((done, failure) ->
                registration.completeExceptionally(new IllegalStateException("the registry is closed")));
    }

    private void closeLink() {
        if (ownsLink) {
            link.close();
        }
    }

    private HeldKeys keysOf(NodeInfo node) {
        String primary = link.keys().node(node.nodeId());
        ProcessIdentity process = link.processes().self();
        return new HeldKeys(primary, leaseId -> values(node, primary, leaseId, process), this::isProvablyDead);
    }

    private Map<String, String> values(NodeInfo node, String primary, long leaseId, @Nullable ProcessIdentity process) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(primary, NodeJson.registration(node, incarnation(leaseId), process));
        if (compatibleKeys == CompatibleKeys.WRITTEN) {
            values.put(node.nodeId(), NodeJson.compatible(node));
        }
        return values;
    }

    private boolean isProvablyDead(String registration) {
        ProcessIdentity holder = NodeJson.process(registration);
        return holder != null && link.processes().isProvablyDead(holder);
    }

    private static String incarnation(long leaseId) {
        return Long.toHexString(leaseId);
    }

    private void onMirrorUpdate(MirrorUpdate update) {
        if (!update.touches(link.keys().nodes())) {
            return;
        }
        Map<String, LiveNode> fresh = new TreeMap<>();
        for (LiveNode node : liveNodes.all()) {
            fresh.put(node.nodeId(), node);
        }
        Map<String, LiveNode> before = nodes;
        nodes = fresh;
        before.forEach((nodeId, node) -> {
            if (!runsIn(fresh, node)) {
                LOG.info(
                        "Node left: cluster={} node={} incarnation={} revision={}",
                        link.keys().prefix(),
                        nodeId,
                        node.incarnation(),
                        update.revision());
                tellNodeListeners(listener -> listener.left(node));
            }
        });
        fresh.forEach((nodeId, node) -> {
            if (!runsIn(before, node)) {
                LOG.info(
                        "Node joined: cluster={} node={} incarnation={} revision={}",
                        link.keys().prefix(),
                        nodeId,
                        node.incarnation(),
                        update.revision());
                tellNodeListeners(listener -> listener.joined(node));
            }
        });
    }

    private static boolean runsIn(Map<String, LiveNode> live, LiveNode node) {
        LiveNode listed = live.get(node.nodeId());
        return listed != null && listed.incarnation().equals(node.incarnation());
    }

    private void tellNodeListeners(Consumer<NodeListener> call) {
        for (NodeListener listener : nodeListeners) {
            link.callbacks().execute(() -> call.accept(listener));
        }
    }

    private void tellRegistrationListeners(Consumer<RegistrationListener> call) {
        for (RegistrationListener listener : registrationListeners) {
            link.callbacks().execute(() -> call.accept(listener));
        }
    }

    /** Turns what happens to the session into log lines and calls of the listeners. */
    private final class Registration implements SessionListener {

        private final NodeInfo node;

        Registration(NodeInfo node) {
            this.node = node;
        }

        @Override
        public void acquired(Held held) {
            LiveNode self = self(held);
            LOG.info(
                    "Registered: cluster={} node={} incarnation={} ttl={} revision={}",
                    cluster(),
                    node.nodeId(),
                    self.incarnation(),
                    held.ttl(),
                    held.revision());
            dependants.forEach(dependant -> dependant.acquired(held));
            registration.complete(self);
            tellRegistrationListeners(listener -> listener.registered(self));
        }

        @Override
        public void deadlineMoved(long deadline) {
            dependants.forEach(dependant -> dependant.deadlineMoved(deadline));
        }

        @Override
        public void lost(Held held, LossReason reason) {
            dependants.forEach(dependant -> dependant.lost(held, reason));
            LOG.warn(
                    "Registration lost, registering anew: cluster={} node={} incarnation={} reason={}",
                    cluster(),
                    node.nodeId(),
                    incarnation(held.leaseId()),
                    reason);
            LiveNode self = self(held);
            tellRegistrationListeners(listener -> listener.lost(self, reason.name()));
        }

        @Override
        public void contended(@Nullable String holder, Duration patience) {
            LOG.warn(
                    "The node's name is taken, waiting {} for it: cluster={} node={} holder={}",
                    patience.equals(SessionSettings.FOREVER) ? "as long as it takes" : "up to " + patience,
                    cluster(),
                    node.nodeId(),
                    holder);
            tellRegistrationListeners(listener -> listener.waitingFor(holder));
        }

        @Override
        public void gaveUp(Duration patience) {
            DuplicateNodeException cause = new DuplicateNodeException("node_id \"" + node.nodeId()
                    + "\" is held by another process, which did not let go of it within " + patience);
            LOG.error("Not registered: cluster={} cause={}", cluster(), cause.getMessage());
            registration.completeExceptionally(cause);
            tellRegistrationListeners(listener -> listener.failed(cause));
        }

        @Override
        public void trouble(StoreException cause) {
            LOG.warn(
                    "Not registered yet, trying again: cluster={} node={} cause={}",
                    cluster(),
                    node.nodeId(),
                    cause.getMessage());
        }

        private LiveNode self(Held held) {
            return new LiveNode(node, incarnation(held.leaseId()), held.revision());
        }

        private String cluster() {
            return link.keys().prefix();
        }
    }

    /** Collects what a registry needs; every setting has a default. */
    public static final class Builder {

        private final CoordinationStore store;
        private String prefix = Keyspace.DEFAULT_PREFIX;
        private Duration sessionTtl = DEFAULT_SESSION_TTL;
        private @Nullable Duration takeoverTimeout;
        private CompatibleKeys compatibleKeys = CompatibleKeys.NOT_WRITTEN;

        private Builder(CoordinationStore store) {
            this.store = store;
        }

        /** Sets the beginning of the cluster's keys; by default {@code /bucketkeeper/default/}. */
        public Builder prefix(String newPrefix) {
            this.prefix = newPrefix;
            return this;
        }

        /**
         * Sets how long after its death a node is taken for alive: whole seconds, at least 2; by default 90. The store
         * may grant another time, which then counts.
         */
        public Builder sessionTtl(Duration newSessionTtl) {
            this.sessionTtl = newSessionTtl;
            return this;
        }

        /**
         * Sets how long to wait for another process that holds the node's name; by default twice the session's time to
         * live, which lets a crashed predecessor's lease expire even after the store changed its leader.
         */
        public Builder takeoverTimeout(Duration newTakeoverTimeout) {
            this.takeoverTimeout = newTakeoverTimeout;
            return this;
        }

        /** Sets whether the SeaTable-compatible node key is written; by default it is not. */
        public Builder compatibleKeys(CompatibleKeys newCompatibleKeys) {
            this.compatibleKeys = newCompatibleKeys;
            return this;
        }

        /**
         * Returns a registry that follows the cluster and is not registered yet.
         *
         * @throws IllegalArgumentException if a setting is outside its range
         */
        public NodeRegistry build() {
            SessionSettings settings = sessionSettings(sessionTtl, takeoverTimeout);
            return new NodeRegistry(
                    ClusterLink.open(store, new Keyspace(prefix), "registry"),
                    settings,
                    compatibleKeys,
                    List.of(),
                    true);
        }
    }

    /** Returns the settings of a node's session; a null timeout means twice the time to live. */
    public static SessionSettings sessionSettings(Duration sessionTtl, @Nullable Duration takeoverTimeout) {
        return new SessionSettings(sessionTtl, takeoverTimeout != null ? takeoverTimeout : sessionTtl.multipliedBy(2));
    }
}
