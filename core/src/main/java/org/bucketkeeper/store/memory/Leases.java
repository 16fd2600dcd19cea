package org.bucketkeeper.store.memory;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The leases that live, when each runs out, and which keys go with it. */
final class Leases {

    /** Far from any revision that a test reaches, so that taking one for the other is noticed. */
    private static final long FIRST_ID = 7_000_000_001L;

    /** Times are compared by subtraction, because a loop's clock may wrap around. */
    private static final Comparator<LiveLease> BY_DEADLINE = (one, other) -> {
        int byDeadline = Long.signum(one.deadline - other.deadline);
        return byDeadline != 0 ? byDeadline : Long.compare(one.id, other.id);
    };

    private final TreeMap<Long, LiveLease> byId = new TreeMap<>();
    private final TreeSet<LiveLease> byDeadline = new TreeSet<>(BY_DEADLINE);
    private long nextId = FIRST_ID;

    long grant(Duration ttl, long now) {
        LiveLease lease = new LiveLease(nextId++, ttl, now + ttl.toNanos());
        byId.put(lease.id, lease);
        byDeadline.add(lease);
        return lease.id;
    }

    boolean exists(long id) {
        return byId.containsKey(id);
    }

    /** Renews a lease for its TTL and returns that, or null if there is no such lease. */
    @Nullable Duration renew(long id, long now) {
        LiveLease lease = byId.get(id);
        if (lease == null) {
            return null;
        }
        byDeadline.remove(lease);
        lease.deadline = now + lease.ttl.toNanos();
        byDeadline.add(lease);
        return lease.ttl;
    }

    /** Returns what is left of a lease; zero if there is no such lease. */
    Duration timeToLive(long id, long now) {
        LiveLease lease = byId.get(id);
        return lease == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, lease.deadline - now));
    }

    /** Returns a copy that goes its own way. */
    Leases copy() {
        Leases copy = new Leases();
        copy.nextId = nextId;
        for (LiveLease lease : byId.values()) {
            LiveLease twin = new LiveLease(lease.id, lease.ttl, lease.deadline);
            twin.keys.addAll(lease.keys);
            copy.byId.put(twin.id, twin);
            copy.byDeadline.add(twin);
        }
        return copy;
    }

    /** Grants no id again that {@code former} may have granted. */
    void avoidIdsOf(Leases former) {
        nextId = Math.max(nextId, former.nextId);
    }

    /** Gives every lease its full TTL from now on. */
    void renewAll(long now) {
        List.copyOf(byId.keySet()).forEach(id -> renew(id, now));
    }

    void attach(long id, String key) {
        LiveLease lease = byId.get(id);
        if (lease != null) {
            lease.keys.add(key);
        }
    }

    void detach(long id, String key) {
        LiveLease lease = byId.get(id);
        if (lease != null) {
            lease.keys.remove(key);
        }
    }

    /** Ends a lease and returns the keys that were under it, in ascending order; none if there is no such lease. */
    SortedSet<String> remove(long id) {
        LiveLease lease = byId.remove(id);
        if (lease == null) {
            return new TreeSet<>();
        }
        byDeadline.remove(lease);
        return lease.keys;
    }

    /** Returns the lease that ran out first, if one has run out by {@code now}. */
    OptionalLong firstExpired(long now) {
        return byDeadline.isEmpty() || now - byDeadline.first().deadline < 0
                ? OptionalLong.empty()
                : OptionalLong.of(byDeadline.first().id);
    }

    /** Returns the time at which the next lease runs out; empty if there is no lease. */
    OptionalLong nextDeadline() {
        return byDeadline.isEmpty() ? OptionalLong.empty() : OptionalLong.of(byDeadline.first().deadline);
    }

    private static final class LiveLease {

        private final long id;
        private final Duration ttl;
        private final SortedSet<String> keys = new TreeSet<>();
        private long deadline;

        LiveLease(long id, Duration ttl, long deadline) {
            this.id = id;
            this.ttl = ttl;
            this.deadline = deadline;
        }
    }
}
