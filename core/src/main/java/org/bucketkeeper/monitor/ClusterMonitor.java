package org.bucketkeeper.monitor;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.driver.Closing;
import org.bucketkeeper.driver.StateMachineDriver;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.mirror.MirrorUpdate;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.internal.session.HeldKeys;
import org.bucketkeeper.internal.session.LossReason;
import org.bucketkeeper.internal.session.Session;
import org.bucketkeeper.internal.session.SessionListener;
import org.bucketkeeper.internal.session.SessionSettings;
import org.bucketkeeper.internal.text.JsonMappers;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assigns the buckets to the live nodes: run one in several processes, and the one that is elected acts while the
 * others stand by.
 *
 * <p>While it leads it moves the buckets of nodes that are lost, drained or pinned elsewhere to the least loaded ones,
 * and leaves all others where they are. It evens the load out when an operator asks for it, or in waves if the policy
 * turns automatic balancing on. It waits where acting at once would hurt: for more nodes at a cold start, and when more
 * than half of at least three nodes vanish within one lease time.
 *
 * <p>Every commit compares the leadership and the table that it was planned from, so a monitor that lost its leadership
 * writes nothing, even if it does not know yet.
 *
 * <p>Thread-safe. No method but {@link #close()} blocks. Uses two daemon threads, which {@link #close()} ends.
 *
 * <p>Not guaranteed: that a bucket's new owner has taken it over when the assignment says so; owners see to that among
 * themselves.
 */
public final class ClusterMonitor implements AutoCloseable {

    /** How long a leader that died is taken for alive, where nothing else is chosen. */
    public static final Duration DEFAULT_LEADER_TTL = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMonitor.class);
    private static final ObjectMapper JSON = JsonMappers.builder().build();

    private final ClusterLink link;
    private final boolean ownsLink;
    private final String monitorId;
    private final ClusterStateReader reader;
    private final StateMachineDriver<MonitorEvent, MonitorAction> driver;
    private final @Nullable CompatibleAssignmentKeys compatibleKeys;
    private final @Nullable TenureHistoryKeys history;
    private final Session session;
    private volatile boolean leading;

    private ClusterMonitor(Builder builder, ClusterLink link, boolean ownsLink) {
        this.link = link;
        this.ownsLink = ownsLink;
        this.monitorId = builder.monitorId;
        this.reader = new ClusterStateReader(link);
        this.driver = new StateMachineDriver<>(
                link.loop(),
                new MonitorMachine(builder.settings(), link.keys(), Planning::plan, builder.initialPolicy),
                this::perform);
        this.compatibleKeys =
                builder.compatibleKeys == CompatibleKeys.WRITTEN ? new CompatibleAssignmentKeys(link) : null;
        this.history = builder.tenureHistory == TenureHistory.KEPT ? new TenureHistoryKeys(link) : null;
        this.session = new Session(
                link,
                builder.sessionSettings(),
                HeldKeys.single(link.keys().monitor(), this::leaderJson),
                new Leadership());
        link.loop().execute(() -> link.mirror().subscribe(this::onMirrorUpdate));
        session.start();
    }

    /** Returns a builder of a monitor over {@code store}, which stays the caller's to close, after the monitor. */
    public static Builder builder(CoordinationStore store) {
        return new Builder(store);
    }

    /** Tells whether this monitor is the elected one, as far as it knows. */
    public boolean isLeading() {
        return leading;
    }

    /** Returns the name under which this monitor stands for election. */
    public String monitorId() {
        return monitorId;
    }

    /**
     * Resigns at once, so that another monitor can take over without waiting for the lease to expire.
     *
     * @return completes when the leadership is given back, or when that was tried in vain, which is logged
     */
    public CompletionStage<Void> resign() {
        return link.outside(release()).whenComplete((done, failure) -> closeLink());
    }

    /** Does what {@link #resign()} does and waits until it is done, at most ten seconds. Safe to call twice. */
    @Override
    public void close() {
        Closing.await(release());
        closeLink();
    }

    private CompletionStage<Void> release() {
        return session.close().whenComplete((done, failure) -> link.loop().execute(this::stop));
    }

    private void closeLink() {
        if (ownsLink) {
            link.close();
        }
    }

    private void stop() {
        if (leading) {
            leading = false;
            LOG.info("Resigned: cluster={} monitor={}", cluster(), monitorId);
        }
        driver.stop();
        if (compatibleKeys != null) {
            compatibleKeys.stop();
        }
        if (history != null) {
            history.stop();
        }
    }

    private String cluster() {
        return link.keys().prefix();
    }

    private String leaderJson(long leaseId) {
        return JSON.createObjectNode()
                .put("monitor_id", monitorId)
                .put("incarnation", Long.toHexString(leaseId))
                .toString();
    }

    private void onMirrorUpdate(MirrorUpdate update) {
        ClusterState state = reader.read(update.touches(link.keys().nodes()));
        driver.send(new MonitorEvent.StateSeen(state, update.history()));
        if (compatibleKeys != null) {
            compatibleKeys.assignmentSeen(state.assignment());
            if (update.mayLackWrites()) {
                compatibleKeys.doubtWrites();
            }
        }
        if (history != null) {
            history.onMirrorUpdate(update);
        }
    }

    private void perform(MonitorAction action) {
        if (action instanceof MonitorAction.Commit commit) {
            commit(commit);
        } else if (action instanceof MonitorAction.Refresh) {
            link.mirror().refresh();
        } else if (action instanceof MonitorAction.TellCommitted tell) {
            RebalancePlan plan = tell.plan();
            LOG.info(
                    "Assignment committed: cluster={} revision={} version={} mode={} moves={} lowerBound={}",
                    cluster(),
                    tell.revision(),
                    plan.target().version(),
                    tell.mode(),
                    plan.moves().size(),
                    plan.lowerBound());
            plan.moves()
                    .forEach(move ->
                            LOG.debug("Bucket moved: cluster={} revision={} {}", cluster(), tell.revision(), move));
        } else if (action instanceof MonitorAction.TellRejected tell) {
            LOG.info(
                    "Commit rejected, planning again: cluster={} monitor={} revision={}",
                    cluster(),
                    monitorId,
                    tell.revision());
        } else if (action instanceof MonitorAction.TellUnknown tell) {
            LOG.warn(
                    "Commit without an answer, looking at the store: cluster={} monitor={} cause={}",
                    cluster(),
                    monitorId,
                    tell.cause().getMessage());
        } else if (action instanceof MonitorAction.TellSettling tell) {
            LOG.info(
                    "Waiting for more nodes: cluster={} liveNodes={} window={}",
                    cluster(),
                    tell.liveNodes(),
                    tell.remaining());
        } else if (action instanceof MonitorAction.TellHolding tell) {
            LOG.warn(
                    "Most nodes vanished at once, moving nothing for {}: cluster={} lost={}",
                    tell.remaining(),
                    cluster(),
                    tell.lost());
        } else if (action instanceof MonitorAction.TellHoldEnded tell) {
            LOG.info("Going on after the hold: cluster={} reason={}", cluster(), tell.reason());
        } else if (action instanceof MonitorAction.TellNoNodes) {
            LOG.warn("No live node, assigning nothing: cluster={}", cluster());
        } else if (action instanceof MonitorAction.TellProblem tell) {
            tellProblem(tell.problem());
        }
    }

    private void tellProblem(@Nullable String problem) {
        if (problem == null) {
            LOG.info("The cluster's keys can be read again: cluster={}", cluster());
        } else {
            LOG.error(
                    "The cluster's keys cannot be read, assigning nothing until they can: cluster={} problem={}",
                    cluster(),
                    problem);
        }
    }

    private void commit(MonitorAction.Commit commit) {
        link.commit(
                commit.transaction(), answer -> driver.send(new MonitorEvent.CommitAnswered(commit.number(), answer)));
    }

    /** Passes on what becomes of the leadership. */
    private final class Leadership implements SessionListener {

        @Override
        public void acquired(Held held) {
            leading = true;
            LOG.info("Elected: cluster={} monitor={} revision={}", cluster(), monitorId, held.revision());
            driver.send(new MonitorEvent.Elected(held));
            if (compatibleKeys != null) {
                compatibleKeys.elected(held);
            }
            if (history != null) {
                history.elected(held);
            }
        }

        @Override
        public void lost(Held held, LossReason reason) {
            leading = false;
            LOG.warn("Leadership lost: cluster={} monitor={} reason={}", cluster(), monitorId, reason);
            driver.send(new MonitorEvent.Deposed());
            if (compatibleKeys != null) {
                compatibleKeys.deposed();
            }
            if (history != null) {
                history.deposed();
            }
        }

        @Override
        public void contended(@Nullable String holder, Duration patience) {
            LOG.info("Standing by: cluster={} monitor={} leader={}", cluster(), monitorId, holder);
        }

        @Override
        public void trouble(StoreException cause) {
            LOG.warn(
                    "Cannot stand for election yet, trying again: cluster={} monitor={} cause={}",
                    cluster(),
                    monitorId,
                    cause.getMessage());
        }
    }

    /** Collects what a monitor needs; every setting has a default. */
    public static final class Builder {

        private final CoordinationStore store;
        private String prefix = Keyspace.DEFAULT_PREFIX;
        private String monitorId = "monitor-" + ProcessHandle.current().pid();
        private Duration leaderTtl = DEFAULT_LEADER_TTL;
        private Duration settle = Duration.ofSeconds(10);
        private Duration nodeTtl = NodeRegistry.DEFAULT_SESSION_TTL;
        private Duration massLossHold = Duration.ofMinutes(3);
        private Duration checkInterval = Duration.ofSeconds(30);
        private int wave = 16;
        private Duration waveInterval = Duration.ofSeconds(30);
        private Policy initialPolicy = Policy.DEFAULT;
        private CompatibleKeys compatibleKeys = CompatibleKeys.NOT_WRITTEN;
        private TenureHistory tenureHistory = TenureHistory.KEPT;

        private Builder(CoordinationStore store) {
            this.store = store;
        }

        /** Sets the beginning of the cluster's keys; by default {@code /bucketkeeper/default/}. */
        public Builder prefix(String newPrefix) {
            this.prefix = newPrefix;
            return this;
        }

        /** Sets the name that is shown while this monitor leads; by default made from the process's number. */
        public Builder monitorId(String newMonitorId) {
            this.monitorId = newMonitorId;
            return this;
        }

        /** Sets how long after its death a leader is taken for alive: whole seconds, at least 2; by default 10. */
        public Builder leaderTtl(Duration newLeaderTtl) {
            this.leaderTtl = newLeaderTtl;
            return this;
        }

        /**
         * Sets how long to wait for more nodes at a cold start, so that the first one up does not get all buckets, and
         * before taking the buckets of a node that this monitor never saw alive; by default 10 s.
         */
        public Builder settleWindow(Duration newSettleWindow) {
            this.settle = newSettleWindow;
            return this;
        }

        /** Sets the time to live of the nodes' leases, within which losses count as one event; by default 90 s. */
        public Builder nodeTtl(Duration newNodeTtl) {
            this.nodeTtl = newNodeTtl;
            return this;
        }

        /** Sets how long nothing is moved after most nodes vanished at once; by default 3 minutes. */
        public Builder massLossHold(Duration newMassLossHold) {
            this.massLossHold = newMassLossHold;
            return this;
        }

        /** Sets the time between two looks at the cluster when nothing happens; by default 30 s. */
        public Builder checkInterval(Duration newCheckInterval) {
            this.checkInterval = newCheckInterval;
            return this;
        }

        /** Sets how many buckets automatic balancing moves at once, and how often; by default 16 every 30 s. */
        public Builder wave(int newWave, Duration newWaveInterval) {
            this.wave = newWave;
            this.waveInterval = newWaveInterval;
            return this;
        }

        /** Sets the policy that the leader writes if there is none in the store; by default none is written. */
        public Builder initialPolicy(Policy newInitialPolicy) {
            this.initialPolicy = newInitialPolicy;
            return this;
        }

        /** Sets whether the SeaTable-compatible assignment keys are written; by default they are not. */
        public Builder compatibleKeys(CompatibleKeys newCompatibleKeys) {
            this.compatibleKeys = newCompatibleKeys;
            return this;
        }

        /** Sets whether a record is kept of who owned which bucket when; by default it is. */
        public Builder tenureHistory(TenureHistory newTenureHistory) {
            this.tenureHistory = newTenureHistory;
            return this;
        }

        /**
         * Returns a monitor that stands for election.
         *
         * @throws IllegalArgumentException if a setting is outside its range
         */
        public ClusterMonitor start() {
            settings();
            sessionSettings();
            return new ClusterMonitor(this, ClusterLink.open(store, new Keyspace(prefix), "monitor"), true);
        }

        /** Returns a monitor on a link that it shares with the other roles of its process; for the library's own use. */
        public ClusterMonitor startSharing(ClusterLink link) {
            return new ClusterMonitor(this, link, false);
        }

        private SessionSettings sessionSettings() {
            return new SessionSettings(leaderTtl, SessionSettings.FOREVER);
        }

        private MonitorSettings settings() {
            return new MonitorSettings(settle, nodeTtl, massLossHold, checkInterval, wave, waveInterval);
        }
    }
}
