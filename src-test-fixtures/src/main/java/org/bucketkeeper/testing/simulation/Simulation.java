package org.bucketkeeper.testing.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts the very classes that run in production through a disaster that a seed chooses, in virtual time, and checks after
 * every step what the library promises.
 *
 * <p>A run has two to four servers, one or two monitors, and clients that write through guards to a storage that checks
 * fencing tokens, over an in-memory store. Everything runs on one thread; the same seed gives the same history, bit for
 * bit, on every machine. Clocks run up to 0.5 % too fast or too slow, so that two of them differ by 1 % at most.
 *
 * <p>What is checked: no two valid owners of one bucket at a time; storage sees growing tokens only, and no valid owner
 * is refused; an acknowledged write is stored; a planned move loses nothing; fencing tokens grow; claims are made by whom
 * the assignment names, and end after the release; tables are committed by the leader, from what it knew, with the
 * fewest moves; no process misses a change; listeners are called in order; no task fails or spins; and all becomes well
 * in time after the last fault.
 *
 * <p>In some runs servers go on without the store, or operators delete claims by hand: there the promise of one valid
 * guard at a time is waived, as documented, and the others are checked. Users' listeners are not put through these.
 *
 * <p>On a store that {@link StoreGuarantee#LOSES_WRITES} there are fail-overs to a replica that is up to five seconds
 * behind, now and then up to three times to live, and restarts without data, on top of the other disasters. The promise of one valid owner is waived there for an
 * owner whose claim was lost, and no other, from the loss until it has read what is left, or one time to live and ten
 * seconds have passed. What is checked all the same: no claim is made by a token that is not larger than all before of
 * that bucket; the storage refuses the one of two owners that has the older token, so that no acknowledged write is lost;
 * and at the end one owner has each bucket, by a token that the storage takes. What operators changed and the store lost
 * they change again.
 *
 * <p>Not simulated: a former primary that is cut off and goes on serving those that reach it; a watch that leaves events out without ending, which only the slow re-read finds; several clusters
 * over one store; and threads that meet within a guard's fast path. The time of day is not simulated because nothing in
 * production reads it.
 */
public final class Simulation {

    private static final long MOST_STEPS = 3_000_000;
    private static final long MOST_STEPS_WITHOUT_TIME = 10_000;
    /** Longer than a loss that is due takes to happen. */
    private static final long LOSS_HAPPENS = 1_000_000_000L;

    private static final long FOR_EVER = Long.MAX_VALUE / 2;

    private Simulation() {}

    /** Runs one seed; if a promise is broken, the result has a timeline. */
    public static SimulationResult run(long seed, SimulationSettings settings) {
        SimulationResult result = runOnce(seed, settings);
        return result.violation() == null || settings.isTraced() ? result : runOnce(seed, settings.withTrace());
    }

    /**
     * Runs a seed that breaks a promise again and again, leaving out each disaster that is not needed for breaking the
     * same promise.
     *
     * @return the smallest run that was found; the whole one if no promise is broken
     */
    public static SimulationResult shrink(long seed, SimulationSettings settings) {
        Violation whole = runOnce(seed, settings).violation();
        if (whole == null) {
            return run(seed, settings);
        }
        int faults = FaultPlan.of(Scenario.of(new Streams(seed), settings), new Streams(seed), settings.guarantee())
                .size();
        Set<Integer> leftOut = new TreeSet<>();
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (int fault = 0; fault < faults; fault++) {
                Set<Integer> without = new TreeSet<>(leftOut);
                if (without.add(fault) && breaks(whole.promise(), seed, settings.without(without))) {
                    leftOut = without;
                    smaller = true;
                }
            }
        }
        return runOnce(seed, settings.without(leftOut).withTrace());
    }

    private static boolean breaks(String promise, long seed, SimulationSettings settings) {
        Violation violation = runOnce(seed, settings).violation();
        return violation != null && violation.promise().equals(promise);
    }

    static SimulationResult runOnce(long seed, SimulationSettings settings) {
        History history = new History(settings.isTraced());
        World world = new World(seed, settings, history);
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : FaultPlan.of(world.scenario(), world.streams(), settings.guarantee())) {
            if (!settings.leavesOut(fault.number())) {
                faults.add(fault);
            }
        }
        world.scheduler().note("scenario", world.scenario().toString());
        FaultInjector injector = new FaultInjector(world);
        long over = 0;
        for (Fault fault : faults) {
            injector.plan(fault);
            over = Math.max(over, fault.end());
        }
        if (settings.guarantee() == StoreGuarantee.LOSES_WRITES) {
            over += LOSS_HAPPENS;
        }
        drive(world, new Recovery(world, over));
        List<String> planned = faults.stream().map(Fault::toString).toList();
        return new SimulationResult(seed, history.digest(), world.violations().first(), planned, history.lines());
    }

    private static void drive(World world, Recovery recovery) {
        Scheduler scheduler = world.scheduler();
        Violations violations = world.violations();
        while (violations.none() && !recovery.isFinished()) {
            try {
                scheduler.stepUntil(FOR_EVER);
                world.board().afterStep();
            } catch (RuntimeException | Error e) {
                violations.report(
                        "no task fails", e + " at " + (e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0]));
            }
            if (scheduler.steps() > MOST_STEPS || scheduler.stepsWithoutTime() > MOST_STEPS_WITHOUT_TIME) {
                violations.report("nothing spins", scheduler.steps() + " steps");
            }
        }
    }
}
