package org.bucketkeeper.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.bucketkeeper.assignment.AutomaticBalancing;
import org.bucketkeeper.assignment.Policy;
import org.bucketkeeper.assignment.RebalanceMode;
import org.bucketkeeper.assignment.RebalancePlan;
import org.bucketkeeper.driver.StateMachine;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.mirror.MirrorUpdate.History;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Decides, while it leads, when to plan and what to commit: one transaction at a time, each comparing the leadership
 * and the assignment that it was planned from, so that whatever this monitor believes, a stale plan changes nothing.
 *
 * <p>It waits where acting at once would hurt: while the first nodes of a cluster arrive (settle window), and when most
 * of the cluster vanishes at once (mass-loss brake).
 */
final class MonitorMachine implements StateMachine<MonitorEvent, MonitorAction> {

    private static final long RETRY = Duration.ofMillis(100).toNanos();

    private final MonitorSettings settings;
    private final Keyspace keys;
    private final NodeLosses losses;

    private final Planner planner;
    private final Policy initialPolicy;

    private @Nullable Held leadership;
    private @Nullable ClusterState state;
    private @Nullable Pending pending;
    private long commitNumber;
    /** A state older than this revision does not show what was learned from the last commit. */
    private long awaitedRevision;
    /** Nothing is planned until the state was looked at afresh. */
    private boolean refreshing;

    /** Keeps commits that are rejected again and again from following each other at once. */
    private long mayCommitAt;

    private long nextLookAt;
    private long nextWaveAt;
    private boolean settleWindowOpen;
    private boolean settled;
    private boolean allNodesWereGone;
    private long settleUntil;
    private boolean holding;
    private boolean recovering;
    private long holdUntil;
    private boolean initialPolicySent;
    private boolean saidNoNodes;
    private @Nullable String saidProblem;

    /** A commit that was not answered yet; the plan is null if it only answers a request. */
    private record Pending(
            long number, RebalanceMode mode, @Nullable RebalancePlan plan) {}

    MonitorMachine(MonitorSettings settings, Keyspace keys, Planner planner, Policy initialPolicy) {
        this.settings = settings;
        this.keys = keys;
        this.planner = planner;
        this.initialPolicy = initialPolicy;
        this.losses = new NodeLosses(settings.lossWindow().toNanos());
    }

    @Override
    public List<MonitorAction> onEvent(MonitorEvent event, long now) {
        List<MonitorAction> actions = new ArrayList<>();
        if (event instanceof MonitorEvent.Elected elected) {
            leadership = elected.held();
            awaitedRevision = elected.held().revision();
            mayCommitAt = now;
            nextWaveAt = now + settings.waveInterval().toNanos();
            settled = false;
        } else if (event instanceof MonitorEvent.Deposed) {
            leadership = null;
            pending = null;
            initialPolicySent = false;
            refreshing = false;
            settleWindowOpen = false;
            holding = false;
        } else if (event instanceof MonitorEvent.StateSeen seen) {
            refreshing = false;
            state = seen.state();
            if (seen.history() == History.WENT_BACK) {
                awaitedRevision = seen.state().revision();
            }
            losses.observe(
                    seen.state().liveNodeIds(), seen.state().effectivePolicy().draining(), now);
        } else if (event instanceof MonitorEvent.CommitAnswered answered) {
            onCommitAnswered(answered, now, actions);
        }
        decide(now, actions);
        return actions;
    }

    @Override
    public List<MonitorAction> onTick(long now) {
        List<MonitorAction> actions = new ArrayList<>();
        decide(now, actions);
        return actions;
    }

    @Override
    public long nanosToNextTick(long now) {
        return mayPlan() ? nextLookAt - now : NEVER;
    }

    private boolean mayPlan() {
        ClusterState seen = state;
        return leadership != null
                && seen != null
                && pending == null
                && !refreshing
                && seen.revision() - awaitedRevision >= 0;
    }

    private void onCommitAnswered(MonitorEvent.CommitAnswered answered, long now, List<MonitorAction> actions) {
        Pending commit = pending;
        if (commit == null || commit.number() != answered.number()) {
            return;
        }
        pending = null;
        if (answered.result() instanceof CommitResult.Committed committed) {
            awaitedRevision = committed.revision();
            RebalancePlan plan = commit.plan();
            if (plan != null) {
                nextWaveAt = now + settings.waveInterval().toNanos();
                actions.add(new MonitorAction.TellCommitted(commit.mode(), plan, committed.revision()));
            }
        } else if (answered.result() instanceof CommitResult.Rejected rejected) {
            awaitedRevision = rejected.revision();
            refreshing = true;
            mayCommitAt = now + RETRY;
            actions.add(new MonitorAction.TellRejected(rejected.revision()));
            actions.add(new MonitorAction.Refresh());
        } else if (answered.result() instanceof CommitResult.Unknown unknown) {
            // If it was applied, the state will show it; if it is applied later, the comparison of one of the two
            // plans fails.
            refreshing = true;
            mayCommitAt = now + RETRY;
            initialPolicySent = false;
            actions.add(new MonitorAction.TellUnknown(unknown.cause()));
            actions.add(new MonitorAction.Refresh());
        }
    }

    private void decide(long now, List<MonitorAction> actions) {
        Held leader = leadership;
        ClusterState seen = state;
        if (leader == null || seen == null || !mayPlan()) {
            return;
        }
        if (mayCommitAt - now > 0) {
            nextLookAt = mayCommitAt;
            return;
        }
        nextLookAt = now + settings.checkInterval().toNanos();
        if (seen.problem() == null && writesInitialPolicy(leader, seen, actions)) {
            return;
        }
        OperatorRequest request =
                seen.requests().isEmpty() ? null : seen.requests().get(0);
        String obstacle = obstacle(seen, actions);
        if (obstacle != null) {
            if (request != null) {
                commit(leader, seen, RebalanceMode.KEEP, null, request, RequestAnswer.refused(obstacle), actions);
            }
            return;
        }
        if (isSettling(seen, now, actions)) {
            return;
        }
        if (request != null && request.kind() == OperatorRequest.Kind.RESUME) {
            losses.forgetAll();
            endHold("an operator asked to go on", actions);
            commit(leader, seen, RebalanceMode.KEEP, null, request, RequestAnswer.done(), actions);
        } else if (isHolding(seen.assignment().nodes(), now, actions)) {
            if (request != null) {
                String why = "holding after a mass loss of " + losses.lost();
                commit(leader, seen, RebalanceMode.KEEP, null, request, RequestAnswer.refused(why), actions);
            }
        } else if (request != null) {
            RebalancePlan plan = planner.plan(seen, RebalanceMode.BALANCE);
            commit(leader, seen, RebalanceMode.BALANCE, plan, request, RequestAnswer.planned(plan), actions);
        } else {
            planUnasked(leader, seen, now, actions);
        }
    }

    private void planUnasked(Held leader, ClusterState seen, long now, List<MonitorAction> actions) {
        boolean first = seen.assignment().revision() == 0;
        RebalanceMode mode = first ? RebalanceMode.BALANCE : RebalanceMode.KEEP;
        RebalancePlan plan = planner.plan(seen, mode);
        if (plan.isEmpty() && seen.policy().automaticBalancing() == AutomaticBalancing.ON) {
            if (nextWaveAt - now > 0) {
                nextLookAt = earlier(nextLookAt, nextWaveAt);
                return;
            }
            mode = RebalanceMode.BALANCE;
            plan = planner.plan(seen, mode).limitedTo(settings.wave());
        }
        if (!plan.isEmpty()) {
            commit(leader, seen, mode, plan, null, null, actions);
        }
    }

    /** Returns why nothing can be planned; null if it can. */
    private @Nullable String obstacle(ClusterState seen, List<MonitorAction> actions) {
        if (isUnreadable(seen, actions)) {
            return seen.problem();
        }
        return hasNoNodes(seen, actions) ? "no node is registered" : null;
    }

    private boolean isUnreadable(ClusterState seen, List<MonitorAction> actions) {
        if (!Objects.equals(seen.problem(), saidProblem)) {
            saidProblem = seen.problem();
            actions.add(new MonitorAction.TellProblem(seen.problem()));
        }
        return seen.problem() != null;
    }

    /** An operator's change is made to the policy in the store, so what the configuration says has to stand there. */
    private boolean writesInitialPolicy(Held leader, ClusterState seen, List<MonitorAction> actions) {
        if (!seen.policy().equals(Policy.DEFAULT) || initialPolicy.equals(Policy.DEFAULT) || initialPolicySent) {
            return false;
        }
        initialPolicySent = true;
        Transaction.Builder transaction = Transaction.builder()
                .ifModifiedAt(keys.monitor(), leader.revision())
                .ifAbsent(keys.policy())
                .put(keys.policy(), initialPolicy.toJson());
        send(RebalanceMode.KEEP, null, transaction, actions);
        return true;
    }

    private boolean hasNoNodes(ClusterState seen, List<MonitorAction> actions) {
        boolean none = seen.nodes().isEmpty();
        if (none) {
            allNodesWereGone = true;
            settled = false;
            settleWindowOpen = false;
            if (!saidNoNodes) {
                actions.add(new MonitorAction.TellNoNodes());
            }
        }
        saidNoNodes = none;
        return none;
    }

    private boolean isSettling(ClusterState seen, long now, List<MonitorAction> actions) {
        Set<String> owners = seen.assignment().nodes();
        boolean moreMayCome = seen.assignment().revision() == 0 || allNodesWereGone || losses.anyUnseen(owners);
        if (settled || !moreMayCome) {
            settleWindowOpen = false;
            return false;
        }
        if (!settleWindowOpen) {
            settleWindowOpen = true;
            settleUntil = now + settings.settle().toNanos();
            if (settleUntil - now > 0) {
                actions.add(new MonitorAction.TellSettling(
                        settings.settle(), seen.nodes().size()));
            }
        }
        if (settleUntil - now > 0) {
            nextLookAt = settleUntil;
            return true;
        }
        settleWindowOpen = false;
        settled = true;
        allNodesWereGone = false;
        losses.countUnseen(owners, now);
        return false;
    }

    private boolean isHolding(Set<String> owners, long now, List<MonitorAction> actions) {
        if (!holding) {
            losses.forgetOld(owners, now);
            if (losses.isMassLoss()) {
                holding = true;
                recovering = false;
                holdUntil = now + settings.massLossHold().toNanos();
                actions.add(new MonitorAction.TellHolding(losses.lost(), settings.massLossHold()));
            }
        }
        if (holding && !recovering && !losses.isMassLoss()) {
            // Nodes that vanished together come back together: the others get the time to follow.
            recovering = true;
            holdUntil = earlier(holdUntil, now + settings.settle().toNanos());
        } else if (holding && recovering && losses.isMassLoss()) {
            recovering = false;
            holdUntil = now + settings.massLossHold().toNanos();
        }
        if (holding && holdUntil - now <= 0) {
            losses.forgetAll();
            endHold(recovering ? "enough nodes are back" : "the time to hold is over", actions);
        } else if (holding) {
            nextLookAt = earlier(nextLookAt, holdUntil);
        }
        return holding;
    }

    private void endHold(String reason, List<MonitorAction> actions) {
        if (holding) {
            holding = false;
            actions.add(new MonitorAction.TellHoldEnded(reason));
        }
    }

    private void commit(
            Held leader,
            ClusterState seen,
            RebalanceMode mode,
            @Nullable RebalancePlan plan,
            @Nullable OperatorRequest request,
            @Nullable RequestAnswer answer,
            List<MonitorAction> actions) {
        boolean moves = plan != null && !plan.isEmpty();
        Transaction.Builder transaction = Transaction.builder().ifModifiedAt(keys.monitor(), leader.revision());
        if (plan != null) {
            if (seen.assignment().revision() == 0) {
                transaction.ifAbsent(keys.assignment());
            } else {
                transaction.ifModifiedAt(keys.assignment(), seen.assignment().revision());
            }
            if (moves) {
                transaction.put(keys.assignment(), plan.target().toJson());
            }
        }
        if (request != null && answer != null) {
            transaction.ifModifiedAt(request.entry().key(), request.entry().modRevision());
            transaction.putUnder(request.entry().leaseId(), request.entry().key(), answer.toJson());
        }
        send(mode, moves ? plan : null, transaction, actions);
    }

    private void send(
            RebalanceMode mode,
            @Nullable RebalancePlan plan,
            Transaction.Builder transaction,
            List<MonitorAction> actions) {
        commitNumber++;
        pending = new Pending(commitNumber, mode, plan);
        actions.add(new MonitorAction.Commit(commitNumber, transaction.build()));
    }

    private static long earlier(long one, long other) {
        return one - other <= 0 ? one : other;
    }
}
