package org.bucketkeeper.testing.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.internal.cluster.ClaimValue;
import org.bucketkeeper.ownership.Tenure;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.Condition;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Operation;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.jspecify.annotations.Nullable;

/** Checks what processes ask of the store, and what becomes of it there. */
final class Checks implements StoreObserver.Listener {

    private final StoreGuarantee guarantee;
    private final TenureBoard board;
    private final Scheduler scheduler;
    private final Violations violations;
    private final PlanCheck plans;
    private final StoreObserver observer;
    private final Map<Long, SimulatedProcess> leases = new HashMap<>();
    private final Map<Long, SimulatedProcess> claims = new HashMap<>();
    private final long[] largestToken = new long[Bucket.COUNT];
    private final List<Later> later = new ArrayList<>();
    private @Nullable Entry tableEntry;
    private Assignment table = Assignment.unassigned();

    /** A check that has to wait until the observer has seen a revision. */
    private record Later(long revision, Runnable check) {}

    Checks(
            StoreGuarantee guarantee,
            InMemoryStore store,
            TenureBoard board,
            Scheduler scheduler,
            Violations violations) {
        this.guarantee = guarantee;
        this.board = board;
        this.scheduler = scheduler;
        this.violations = violations;
        this.plans = new PlanCheck(violations);
        this.observer = new StoreObserver(store.connect("observer"), this);
    }

    PlanCheck plans() {
        return plans;
    }

    StoreObserver observer() {
        return observer;
    }

    /** Returns the process that a lease was granted to; null for an operator's. */
    @Nullable SimulatedProcess holder(long leaseId) {
        return leases.get(leaseId);
    }

    /** Returns the table that stands in the store, or the last that did. */
    Assignment table() {
        Entry entry = observer.get(World.KEYS.assignment());
        if (entry != null && !entry.equals(tableEntry)) {
            tableEntry = entry;
            table = Assignment.fromJson(entry.value(), entry.modRevision());
        }
        return table;
    }

    /** The store loses writes at this moment. */
    void onLoss() {
        observer.loss();
    }

    void onLease(long leaseId, SimulatedProcess process) {
        leases.put(leaseId, process);
    }

    void onCommit(SimulatedProcess process, Transaction transaction) {
        plans.onCommit(process, transaction);
        for (Operation operation : transaction.operations()) {
            if (operation instanceof Operation.Delete delete) {
                Bucket bucket = bucketOf(delete.key());
                if (bucket != null) {
                    onUnclaim(process, bucket, transaction);
                }
            }
        }
    }

    /** A process was told that a transaction of its own was committed. */
    void onCommitted(SimulatedProcess process, long revision) {
        plans.onCommitted(process, revision);
    }

    /** Giving a lease back ends the claims under it. */
    void onRevoke(SimulatedProcess process, long leaseId) {
        for (Entry claim : observer.under(World.KEYS.claims()).values()) {
            Bucket bucket = bucketOf(claim.key());
            if (bucket != null && claim.leaseId() == leaseId) {
                TenureRecord record = board.loaded(process, bucket, claim.createRevision());
                if (record != null && board.mustExclude(record)) {
                    violations.report(
                            "a claim ends after the release", process + " gives its lease back while " + record);
                }
            }
        }
    }

    void onMirrored(SimulatedProcess process, long revision, long sum) {
        once(revision, () -> {
            Long stood = observer.sumAt(revision);
            // Between what was seen last and a loss there may be revisions that only the process saw.
            boolean mayBeUnseen = guarantee == StoreGuarantee.LOSES_WRITES;
            if (stood == null ? !mayBeUnseen : stood != sum) {
                violations.report(
                        "no change is missed",
                        process + " shows something else at revision " + revision + " than stood in the store");
            }
        });
    }

    void onAcquired(ServerProcess server, Tenure tenure) {
        once(tenure.fencingToken(), () -> {
            if (claims.get(claimKey(tenure.bucket(), tenure.fencingToken())) != server.process()) {
                violations.report("a token is a claim", server.process() + " has no claim for " + tenure);
            }
        });
    }

    @Override
    public void onChange(Change change, @Nullable Entry before) {
        if (!(change instanceof Change.Put put)) {
            if (before != null) {
                onDeleted(before);
            }
            return;
        }
        Entry entry = put.entry();
        Bucket bucket = bucketOf(entry.key());
        if (bucket != null) {
            onClaim(bucket, entry, before);
        } else if (entry.key().startsWith(World.KEYS.nodes()) || entry.key().equals(World.KEYS.monitor())) {
            onHeldKey(entry, before);
        } else if (entry.key().equals(World.KEYS.assignment())) {
            plans.onAssignment(entry, before, observer.get(World.KEYS.monitor()));
            scheduler.note("store", "revision " + entry.modRevision() + ": a new assignment");
        }
    }

    @Override
    public void onRevision(long revision) {
        while (!later.isEmpty() && later.get(0).revision() <= revision) {
            later.remove(0).check().run();
        }
    }

    @Override
    public void onLoss(Map<String, Entry> before, long revision) {
        scheduler.note("store", "revision " + revision + ": what is left after a loss");
        for (Entry claim : before.values()) {
            Bucket bucket = bucketOf(claim.key());
            Entry left = observer.get(claim.key());
            if (bucket != null && (left == null || left.createRevision() != claim.createRevision())) {
                board.lostClaims().lost(bucket, claim.createRevision(), revision);
            }
        }
    }

    private void onUnclaim(SimulatedProcess process, Bucket bucket, Transaction transaction) {
        Condition.CreatedAt compared = null;
        for (Condition condition : transaction.conditions()) {
            if (condition instanceof Condition.CreatedAt created && bucket.equals(bucketOf(created.key()))) {
                compared = created;
            }
        }
        if (compared == null) {
            violations.report("a claim is deleted by its token", process + " deletes any claim on bucket " + bucket);
            return;
        }
        TenureRecord record = board.loaded(process, bucket, compared.revision());
        if (record != null && !board.isForced(compared.revision())) {
            violations.report("a claim ends after the release", process + " deletes a claim while " + record);
        }
    }

    private void onClaim(Bucket bucket, Entry entry, @Nullable Entry before) {
        SimulatedProcess holder = holder(entry.leaseId());
        if (before != null) {
            violations.report("a claim needs absence", holder + " overwrote the claim on bucket " + bucket);
        }
        ClaimValue claim = ClaimValue.read(entry.value());
        Entry assignment = observer.get(World.KEYS.assignment());
        if (holder == null || claim == null) {
            violations.report("a claim names its owner", entry.toString());
            return;
        }
        if (assignment == null || !claim.nodeId().equals(table().nodeOf(bucket))) {
            violations.report(
                    "a claim needs the assignment",
                    holder + " claimed bucket " + bucket + " at revision " + entry.modRevision());
        }
        Entry registration = observer.get(World.KEYS.node(claim.nodeId()));
        if (registration == null || registration.leaseId() != entry.leaseId()) {
            violations.report(
                    "a claim needs the registration",
                    holder + " claimed bucket " + bucket + " at revision " + entry.modRevision());
        }
        if (entry.createRevision() <= largestToken[bucket.index()]) {
            violations.report(
                    "fencing tokens grow",
                    holder + " claimed bucket " + bucket + " by token " + entry.createRevision() + " after "
                            + largestToken[bucket.index()]);
        }
        largestToken[bucket.index()] = entry.createRevision();
        claims.put(claimKey(bucket, entry.createRevision()), holder);
    }

    /** A claim goes with its lease, or by the hand of its owner, once it has let go. */
    private void onDeleted(Entry entry) {
        Bucket bucket = bucketOf(entry.key());
        SimulatedProcess holder = holder(entry.leaseId());
        if (bucket == null || holder == null) {
            return;
        }
        once(observer.revision() + 1, () -> {
            TenureRecord record = board.loaded(holder, bucket, entry.createRevision());
            if (record != null && board.isHandedOverInOrder(record) && standsUnder(entry.leaseId())) {
                violations.report("a claim ends after the release", "somebody deleted the claim while " + record);
            }
        });
    }

    private boolean standsUnder(long leaseId) {
        return observer.under(World.KEYS.nodes()).values().stream().anyMatch(node -> node.leaseId() == leaseId);
    }

    /** What is held under a lease is taken over by the same process only, or from a dead one. */
    private void onHeldKey(Entry entry, @Nullable Entry before) {
        scheduler.note(
                "store", "revision " + entry.modRevision() + ": " + entry.key() + " of " + holder(entry.leaseId()));
        SimulatedProcess former = before == null ? null : holder(before.leaseId());
        if (former != null
                && former != holder(entry.leaseId())
                && !former.machine().isDead()) {
            violations.report(
                    "one process holds a name", holder(entry.leaseId()) + " took " + entry.key() + " from " + former);
        }
    }

    private void once(long revision, Runnable check) {
        if (revision <= observer.revision()) {
            check.run();
            return;
        }
        int place = later.size();
        while (place > 0 && later.get(place - 1).revision() > revision) {
            place--;
        }
        later.add(place, new Later(revision, check));
    }

    private static long claimKey(Bucket bucket, long token) {
        return token * Bucket.COUNT + bucket.index();
    }

    private static @Nullable Bucket bucketOf(String key) {
        String prefix = World.KEYS.claims();
        String name = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
        return Bucket.isName(name) ? Bucket.parse(name) : null;
    }
}
