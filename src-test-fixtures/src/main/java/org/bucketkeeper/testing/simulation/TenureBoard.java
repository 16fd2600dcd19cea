package org.bucketkeeper.testing.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.Guard;
import org.bucketkeeper.ownership.Tenure;
import org.jspecify.annotations.Nullable;

/** Knows every tenure and every open guard of every server, and checks that they exclude each other. */
final class TenureBoard {

    private static final String ONE_OWNER = "one valid owner at a time";

    private final Scenario scenario;
    private final Violations violations;
    private final LostClaims lostClaims;
    private final List<List<TenureRecord>> loaded = new ArrayList<>();
    private final List<List<OpenGuard>> guards = new ArrayList<>();
    private final Map<ServerProcess, Map<Bucket, TenureRecord>> latest = new HashMap<>();
    private final long[] largestToken = new long[Bucket.COUNT];
    private final Set<Long> forced = new HashSet<>();

    private record OpenGuard(ServerProcess server, Guard guard) {

        boolean isValid() {
            return !server.process().machine().isDead() && guard.isValid();
        }
    }

    TenureBoard(Scenario scenario, Violations violations, LostClaims lostClaims) {
        this.scenario = scenario;
        this.violations = violations;
        this.lostClaims = lostClaims;
        for (int i = 0; i < Bucket.COUNT; i++) {
            loaded.add(new ArrayList<>());
            guards.add(new ArrayList<>());
        }
    }

    LostClaims lostClaims() {
        return lostClaims;
    }

    /** Tells whether nobody else may have a bucket while a server validly holds it by a token. */
    boolean isExclusive(ServerProcess server, Bucket bucket, long token) {
        return scenario.isExclusive() && !lostClaims.excuse(server.process(), bucket, token);
    }

    private boolean isExclusive(ServerProcess server, Tenure tenure) {
        return isExclusive(server, tenure.bucket(), tenure.fencingToken());
    }

    /** Returns the last tenure that a server was told of. */
    @Nullable TenureRecord latest(ServerProcess server, Bucket bucket) {
        return latest.getOrDefault(server, Map.of()).get(bucket);
    }

    TenureRecord acquired(ServerProcess server, Tenure tenure) {
        Bucket bucket = tenure.bucket();
        TenureRecord before = latest(server, bucket);
        long own = before == null ? 0 : before.tenure().fencingToken();
        // A server that slept through its session is told of a tenure that has ended, and cannot work on it.
        long largest = isExclusive(server, tenure) && tenure.isValid() ? largestToken[bucket.index()] : own;
        if (tenure.fencingToken() <= largest) {
            violations.report(
                    "fencing tokens grow",
                    server.process() + " got token " + tenure.fencingToken() + " for bucket " + bucket + " after "
                            + largest);
        }
        largestToken[bucket.index()] = Math.max(largestToken[bucket.index()], tenure.fencingToken());
        TenureRecord record = new TenureRecord(server, tenure);
        latest.computeIfAbsent(server, s -> new HashMap<>()).put(bucket, record);
        List<TenureRecord> here = loaded.get(bucket.index());
        here.removeIf(
                other -> !other.isLoaded() || other.server().process().machine().isDead());
        here.add(record);
        requireOne(here);
        return record;
    }

    void opened(ServerProcess server, Guard guard) {
        guards.get(guard.bucket().index()).add(new OpenGuard(server, guard));
    }

    void closed(Guard guard) {
        guards.get(guard.bucket().index()).removeIf(open -> open.guard() == guard);
    }

    /** An operator forces the release of a claim. */
    void forced(long token) {
        forced.add(token);
    }

    boolean isForced(long token) {
        return forced.contains(token);
    }

    /** Returns the tenure with a token if the process' application has not let go of it; null if it has. */
    @Nullable TenureRecord loaded(SimulatedProcess process, Bucket bucket, long token) {
        for (TenureRecord record : loaded.get(bucket.index())) {
            if (record.server().process() == process && record.tenure().fencingToken() == token && record.isLoaded()) {
                return record;
            }
        }
        return null;
    }

    /** Tells whether somebody relies on it at this moment that nobody else can own the bucket. */
    boolean mustExclude(TenureRecord record) {
        return scenario.isExclusive() && !isForced(record.tenure().fencingToken()) && record.claimsExclusion();
    }

    /** Tells whether nobody but the owner may end the tenure: neither an operator forced it nor one deletes by hand. */
    boolean isHandedOverInOrder(TenureRecord record) {
        return !scenario.isCareless() && !isForced(record.tenure().fencingToken());
    }

    /** Tells whether a guard of a tenure is open in the server. */
    boolean hasOpenGuard(ServerProcess server, Tenure tenure) {
        for (OpenGuard open : guards.get(tenure.bucket().index())) {
            if (open.server() == server && open.guard().fencingToken() == tenure.fencingToken()) {
                return true;
            }
        }
        return false;
    }

    /** Checks what clients use; called after every step. */
    void afterStep() {
        if (!scenario.isExclusive()) {
            return;
        }
        for (Bucket bucket : scenario.hot()) {
            List<TenureRecord> here = loaded.get(bucket.index());
            if (here.size() > 1) {
                requireOne(here);
            }
            List<OpenGuard> open = guards.get(bucket.index());
            if (open.size() > 1) {
                requireOneServer(open);
            }
        }
    }

    private void requireOne(List<TenureRecord> here) {
        TenureRecord first = null;
        for (TenureRecord record : here) {
            if (record.claimsExclusion() && isExclusive(record.server(), record.tenure())) {
                if (first != null && first.server() != record.server()) {
                    violations.report(ONE_OWNER, first + ", and " + record);
                }
                first = record;
            }
        }
    }

    private boolean isExclusive(OpenGuard open) {
        return isExclusive(open.server(), open.guard().bucket(), open.guard().fencingToken());
    }

    private void requireOneServer(List<OpenGuard> open) {
        OpenGuard first = null;
        for (OpenGuard guard : open) {
            if ((first == null || first.server() != guard.server()) && guard.isValid() && isExclusive(guard)) {
                if (first != null) {
                    violations.report(
                            ONE_OWNER,
                            first.server().process() + " has a valid " + first.guard() + ", and "
                                    + guard.server().process() + " has a valid " + guard.guard());
                }
                first = guard;
            }
        }
    }
}
