package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.StoreOutage;

/**
 * What a seed makes of a run, save the faults.
 *
 * @param servers how many servers there are
 * @param monitors how many monitors there are
 * @param ttl the time to live of the servers' leases
 * @param leaderTtl that of the leader's lease
 * @param outage what servers do when the store is away
 * @param operators how careful the operators are
 * @param machines where the processes run
 * @param hot the buckets that clients use
 */
record Scenario(
        int servers,
        int monitors,
        Duration ttl,
        Duration leaderTtl,
        StoreOutage outage,
        Operators operators,
        Machines machines,
        List<Bucket> hot) {

    static final Duration SETTLE = Duration.ofSeconds(3);
    static final Duration MASS_LOSS_HOLD = Duration.ofSeconds(12);
    static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(6);

    private static final int HOT = 4;

    /** Whether operators delete by hand what says who owns what. */
    enum Operators {
        CAREFUL,
        CARELESS
    }

    /** Whether a process can know that another is dead. */
    enum Machines {
        ONE,
        MANY
    }

    Scenario {
        hot = List.copyOf(hot);
    }

    /** Returns what a seed makes of it; users' listeners may count on the promise of one valid owner at a time. */
    static Scenario of(Streams streams, SimulationSettings settings) {
        SplittableRandom random = streams.of("scenario");
        int servers = random.nextInt(2, 5);
        int monitors = random.nextInt(1, 3);
        Duration ttl = Duration.ofSeconds(random.nextInt(6, 21));
        Duration leaderTtl = Duration.ofSeconds(random.nextInt(3, 11));
        int kind = random.nextInt(20) + (settings.listeners() == null ? 0 : 20);
        StoreOutage outage = kind < 3 ? StoreOutage.KEEP_SERVING_FENCED : StoreOutage.STOP_SERVING;
        Operators operators = kind == 3 || kind == 4 ? Operators.CARELESS : Operators.CAREFUL;
        Machines machines = random.nextInt(3) == 0 ? Machines.ONE : Machines.MANY;
        List<Bucket> hot = new ArrayList<>();
        while (hot.size() < HOT) {
            Bucket bucket = Bucket.of(random.nextInt(Bucket.COUNT));
            if (!hot.contains(bucket)) {
                hot.add(bucket);
            }
        }
        return new Scenario(servers, monitors, ttl, leaderTtl, outage, operators, machines, hot);
    }

    /** Tells whether the promise of one valid guard at a time holds: not where the user or an operator waived it. */
    boolean isExclusive() {
        return outage == StoreOutage.STOP_SERVING && !isCareless();
    }

    boolean isCareless() {
        return operators == Operators.CARELESS;
    }

    boolean processesAreKnown() {
        return machines == Machines.ONE;
    }

    /** Returns how many processes can be hit: the servers, the monitors, and one of clients. */
    int processes() {
        return servers + monitors + 1;
    }

    /**
     * Returns how long after the last fault all must be well again: a lease that was restarted at the last moment, a
     * server that waits for its name twice as long, a leader that does the same, and every pause that the monitor,
     * the session and the release make before they try again.
     */
    Duration longestRecovery() {
        return ttl.multipliedBy(3)
                .plus(leaderTtl.multipliedBy(2))
                .plus(SETTLE.multipliedBy(2))
                .plus(MASS_LOSS_HOLD)
                .plus(Duration.ofSeconds(75));
    }
}
