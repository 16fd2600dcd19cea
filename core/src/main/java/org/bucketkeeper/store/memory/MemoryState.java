package org.bucketkeeper.store.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Condition;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.KeepAliveResult;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.Operation;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * What the store knows: the keys, the revision, the leases and the history. It has no clock and no thread; the time is
 * an argument. Not thread-safe.
 */
final class MemoryState {

    /** More than is ever written between two looks at a store, so that no revision is given out twice. */
    private static final long REVISION_JUMP = 1L << 20;

    private final String identity;
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final Leases leases;
    private final History history = new History();

    /** An empty store is at revision 1, as it is in etcd. */
    private long revision = 1;

    MemoryState(String identity) {
        this(identity, new Leases());
    }

    private MemoryState(String identity, Leases leases) {
        this.identity = identity;
        this.leases = leases;
    }

    /** Returns a copy without the history, which goes its own way. */
    MemoryState copy() {
        MemoryState copy = new MemoryState(identity, leases.copy());
        copy.entries.putAll(entries);
        copy.revision = revision;
        return copy;
    }

    /**
     * Takes over from {@code former}, of which this may have missed something: revisions and lease ids go on above all
     * that it gave out, every lease starts anew, and no watch can look back to before.
     */
    void succeed(MemoryState former, long now) {
        revision = former.revision + REVISION_JUMP;
        history.compact(revision + 1);
        leases.avoidIdsOf(former.leases);
        leases.renewAll(now);
    }

    long revision() {
        return revision;
    }

    History history() {
        return history;
    }

    Snapshot read(String prefix) {
        List<Entry> found = new ArrayList<>();
        for (Entry entry : entries.tailMap(prefix, true).values()) {
            if (!entry.key().startsWith(prefix)) {
                break;
            }
            found.add(entry);
        }
        return new Snapshot(identity, revision, found);
    }

    CommitResult commit(Transaction transaction) {
        if (!transaction.conditions().stream().allMatch(this::holds)) {
            return new CommitResult.Rejected(revision);
        }
        for (Operation operation : transaction.operations()) {
            if (operation instanceof Operation.Put put
                    && put.leaseId() != Lease.NONE
                    && !leases.exists(put.leaseId())) {
                return new CommitResult.Unknown(new StoreException("store " + identity + " refused to put " + put.key()
                        + " under lease " + put.leaseId() + ": there is no such lease"));
            }
        }
        long next = revision + 1;
        List<Change> changes = new ArrayList<>();
        for (Operation operation : transaction.operations()) {
            Change change = apply(operation, next);
            if (change != null) {
                changes.add(change);
            }
        }
        conclude(next, changes);
        return new CommitResult.Committed(revision);
    }

    Lease grant(Duration ttl, long now) {
        return new Lease(leases.grant(ttl, now), ttl);
    }

    Duration timeToLive(long leaseId, long now) {
        return leases.timeToLive(leaseId, now);
    }

    KeepAliveResult keepAlive(long leaseId, long now) {
        Duration ttl = leases.renew(leaseId, now);
        return ttl == null ? new KeepAliveResult.Expired() : new KeepAliveResult.Renewed(ttl);
    }

    /** Ends a lease, if it exists, and deletes its keys in one revision. */
    void endLease(long leaseId) {
        SortedSet<String> keys = leases.remove(leaseId);
        long next = revision + 1;
        List<Change> changes = new ArrayList<>();
        for (String key : keys) {
            entries.remove(key);
            changes.add(new Change.Delete(key, next));
        }
        conclude(next, changes);
    }

    /** Ends the leases that ran out, the longest overdue first, each in a revision of its own. */
    void expireLeases(long now) {
        for (OptionalLong id = leases.firstExpired(now); id.isPresent(); id = leases.firstExpired(now)) {
            endLease(id.getAsLong());
        }
    }

    void restartLeases(long now) {
        leases.renewAll(now);
    }

    OptionalLong nextExpiry() {
        return leases.nextDeadline();
    }

    private boolean holds(Condition condition) {
        Entry entry = entries.get(condition.key());
        if (condition instanceof Condition.CreatedAt created) {
            return entry != null && entry.createRevision() == created.revision();
        }
        if (condition instanceof Condition.ModifiedAt modified) {
            return entry != null && entry.modRevision() == modified.revision();
        }
        return entry == null;
    }

    private @Nullable Change apply(Operation operation, long next) {
        Entry before = entries.remove(operation.key());
        if (before != null) {
            leases.detach(before.leaseId(), before.key());
        }
        if (operation instanceof Operation.Put put) {
            long created = before == null ? next : before.createRevision();
            Entry entry = new Entry(put.key(), put.value(), created, next, put.leaseId());
            entries.put(entry.key(), entry);
            leases.attach(entry.leaseId(), entry.key());
            return new Change.Put(entry);
        }
        return before == null ? null : new Change.Delete(before.key(), next);
    }

    private void conclude(long next, List<Change> changes) {
        if (!changes.isEmpty()) {
            revision = next;
            history.append(next, changes);
        }
    }
}
