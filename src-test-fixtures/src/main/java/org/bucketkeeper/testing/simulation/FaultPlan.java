package org.bucketkeeper.testing.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** All disasters of a run, chosen before it begins, so that each can be printed, left out, and replayed. */
final class FaultPlan {

    private static final long SECOND = 1_000_000_000L;
    private static final long BEGIN = 4 * SECOND;
    private static final int FEWEST = 2;
    private static final int MOST = 10;
    private static final int MOST_LOSSES = 3;
    /** How far behind a replica is as a rule. */
    private static final long USUAL_LAG = 5 * SECOND;

    /** How many times to live the few replicas are behind at most that bring back what expired or was replaced since. */
    private static final int LONGEST_LAG = 3;

    private FaultPlan() {}

    /** Returns the plan of a scenario; what a store does that loses writes comes on top of all else. */
    static List<Fault> of(Scenario scenario, Streams streams, StoreGuarantee guarantee) {
        List<Fault> faults = faults(scenario, streams);
        if (guarantee == StoreGuarantee.LOSES_WRITES) {
            addLosses(faults, scenario, streams);
        }
        return faults;
    }

    private static List<Fault> faults(Scenario scenario, Streams streams) {
        SplittableRandom random = streams.of("faults");
        long window = random.nextLong(15 * SECOND, 90 * SECOND);
        int count = random.nextInt(FEWEST, MOST + 1);
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SplittableRandom own = streams.of("fault", i);
            FaultKind kind = kind(scenario, own);
            int choice = own.nextInt(1 << 16);
            int target = -1;
            long duration = 0;
            long at = BEGIN + own.nextLong(window);
            Fault before = faults.isEmpty() ? null : faults.get(own.nextInt(faults.size()));
            if (before != null && own.nextInt(3) > 0) {
                // Disasters hurt most when they meet.
                at = before.at() + own.nextLong(Math.min(before.duration(), 8 * SECOND) + SECOND);
                kind = loses(before.kind()) && own.nextBoolean() ? trigger(own) : kind;
                target = own.nextBoolean() && before.kind().target() == kind.target() ? before.target() : target;
                if (before.kind() == FaultKind.SLOW_ANSWERS) {
                    // Who hears late of its renewals is the one who may think too well of its deadline.
                    kind = own.nextBoolean() ? FaultKind.CUT_TO_STORE : FaultKind.PAUSE;
                    target = before.target();
                    duration = scenario.ttl().toNanos()
                            + own.nextLong(scenario.ttl().toNanos());
                }
            }
            if (target < 0) {
                boolean anyProcess = kind.target() == FaultKind.Target.PROCESS;
                target = own.nextInt(anyProcess ? scenario.processes() : scenario.servers());
                if (kind == FaultKind.STALL && own.nextInt(3) == 0) {
                    target = scenario.servers() + own.nextInt(scenario.monitors());
                }
            }
            duration = duration > 0 ? duration : duration(kind, scenario, own);
            faults.add(new Fault(i, at, kind, target, duration, choice));
        }
        return faults;
    }

    private static void addLosses(List<Fault> faults, Scenario scenario, Streams streams) {
        int others = faults.size();
        int count = streams.of("losses").nextInt(1, MOST_LOSSES + 1);
        for (int i = 0; i < count; i++) {
            SplittableRandom own = streams.of("loss", i);
            FaultKind kind = own.nextInt(4) == 0 ? FaultKind.RESTART_WITHOUT_DATA : FaultKind.FAIL_OVER;
            long lag = kind == FaultKind.FAIL_OVER && own.nextInt(4) > 0 ? lag(scenario, own) : 0;
            Fault other = faults.get(own.nextInt(others));
            // Right before the other one, amid it, or right after it; or just when something begins at its end.
            long loss = own.nextBoolean()
                    ? other.at() - SECOND + own.nextLong(Math.min(other.duration(), 15 * SECOND) + 3 * SECOND)
                    : other.end() + own.nextLong(SECOND / 10);
            long at = Math.max(BEGIN, loss - lag);
            if (lag > 0) {
                addCompanion(faults, at, lag, scenario, own);
            }
            faults.add(new Fault(faults.size(), at, kind, -1, lag, 0));
        }
    }

    /** Returns how far a replica is behind; now and then so far that a server has had several leases since. */
    private static long lag(Scenario scenario, SplittableRandom random) {
        boolean far = random.nextInt(3) == 0;
        return random.nextLong(far ? LONGEST_LAG * scenario.ttl().toNanos() : USUAL_LAG);
    }

    /** Makes something happen that the replica does not learn of. */
    private static void addCompanion(
            List<Fault> faults, long at, long lag, Scenario scenario, SplittableRandom random) {
        long begin = at + random.nextLong(lag);
        switch (random.nextInt(6)) {
            // What crashes is back before the loss.
            case 0 -> add(faults, FaultKind.CRASH, begin, random.nextLong(at + lag - begin), scenario, random);
            case 1 ->
                add(faults, FaultKind.PAUSE, begin, duration(FaultKind.PAUSE, scenario, random), scenario, random);
            case 2, 3 -> {
                // The answers arrive when what they say is lost, and known to be.
                add(faults, FaultKind.SLOW_ANSWERS, at, lag, scenario, random);
                addTrigger(faults, begin, scenario, random);
            }
            case 4 -> addTrigger(faults, begin, scenario, random);
            default -> {}
        }
    }

    private static void addTrigger(List<Fault> faults, long at, Scenario scenario, SplittableRandom random) {
        FaultKind kind = trigger(random);
        add(faults, kind, at, duration(kind, scenario, random), scenario, random);
    }

    private static void add(
            List<Fault> faults, FaultKind kind, long at, long duration, Scenario scenario, SplittableRandom random) {
        boolean anyProcess = kind.target() == FaultKind.Target.PROCESS;
        int target = random.nextInt(anyProcess ? scenario.processes() : scenario.servers());
        faults.add(new Fault(faults.size(), at, kind, target, duration, random.nextInt(1 << 16)));
    }

    /** Tells whether a fault does harm only if something is sent meanwhile. */
    private static boolean loses(FaultKind kind) {
        return switch (kind) {
            case STALL, LOSE_REQUEST, LOSE_COMMIT_ANSWER, REPEAT_EVENT -> true;
            default -> false;
        };
    }

    /** Returns something that makes monitors and servers send. */
    private static FaultKind trigger(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> FaultKind.DRAIN;
            case 1 -> FaultKind.PIN;
            default -> FaultKind.REBALANCE;
        };
    }

    private static FaultKind kind(Scenario scenario, SplittableRandom random) {
        if (scenario.isCareless() && random.nextInt(3) == 0) {
            return switch (random.nextInt(3)) {
                case 0 -> FaultKind.DELETE_CLAIM;
                case 1 -> FaultKind.DELETE_REGISTRATION;
                default -> FaultKind.DELETE_EVERYTHING;
            };
        }
        int total = 0;
        for (FaultKind kind : FaultKind.values()) {
            total += kind.weight();
        }
        int left = random.nextInt(total);
        for (FaultKind kind : FaultKind.values()) {
            left -= kind.weight();
            if (left < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("no kind of fault has a weight");
    }

    private static long duration(FaultKind kind, Scenario scenario, SplittableRandom random) {
        long ttl = scenario.ttl().toNanos();
        return switch (kind) {
            case PAUSE, CUT, CUT_TO_STORE, CUT_FROM_STORE ->
                switch (random.nextInt(3)) {
                    case 0 -> random.nextLong(SECOND / 10, 3 * SECOND);
                    // The moment around which a lease expires is the one to look at.
                    case 1 -> ttl / 2 + random.nextLong(ttl);
                    default -> random.nextLong(SECOND, 3 * ttl);
                };
            case SLOW, SLOW_ANSWERS -> random.nextLong(2 * SECOND, 15 * SECOND);
            case STALL -> random.nextLong(SECOND / 10, 3 * SECOND);
            case STORE_OUTAGE -> random.nextLong(SECOND, 2 * ttl);
            case CRASH, LEAVE ->
                random.nextBoolean() ? random.nextLong(SECOND / 100, 3 * SECOND) : random.nextLong(SECOND, 3 * ttl);
            case TWIN, LISTENER_THROWS, LISTENER_FAILS_LATER, LISTENER_LATE, LISTENER_STUCK, LISTENER_FORCED ->
                random.nextLong(5 * SECOND, 40 * SECOND);
            case CORDON, DRAIN, PIN, AUTOMATIC_BALANCING -> random.nextLong(SECOND, 40 * SECOND);
            default -> 0;
        };
    }
}
