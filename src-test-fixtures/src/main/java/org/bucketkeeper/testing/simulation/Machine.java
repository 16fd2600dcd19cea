package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bucketkeeper.driver.EventLoop;

/**
 * What a process runs on: a clock of its own, loops, and threads that a pause stops and a kill ends, between any two
 * tasks.
 */
final class Machine {

    private static final int COMMON_JITTER_NANOS = 60_000;
    private static final int RARE_JITTER_NANOS = 3_000_000;
    private static final int RARE = 32;

    private final String name;
    private final int number;
    private final Scheduler scheduler;
    private final Violations violations;
    private final SimulatedClock clock;
    private final SplittableRandom jitter;
    private final List<SimulatedLoop> loops = new ArrayList<>();
    private List<Runnable> heldBack = new ArrayList<>();
    private long pausedUntil;
    private boolean paused;
    private boolean dead;

    Machine(String name, int number, Scheduler scheduler, Violations violations, Streams streams) {
        this.name = name;
        this.number = number;
        this.scheduler = scheduler;
        this.violations = violations;
        this.clock = new SimulatedClock(streams.of("clock " + name));
        this.jitter = streams.of("jitter " + name);
    }

    String name() {
        return name;
    }

    int number() {
        return number;
    }

    long nanoTime() {
        return clock.read(scheduler.now());
    }

    SimulatedClock clock() {
        return clock;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    boolean isDead() {
        return dead;
    }

    boolean isPaused() {
        return paused;
    }

    /** Tells whether tasks run now. */
    boolean runs() {
        return !dead && !paused;
    }

    EventLoop newLoop() {
        SimulatedLoop loop = new SimulatedLoop(this);
        loops.add(loop);
        return loop;
    }

    /** Runs {@code task} after a while, on no thread in particular; tasks may overtake each other. */
    void run(long delayNanos, Runnable task) {
        scheduler.after(clock.trueTimeAfter(0, delayNanos) + lag(), number, () -> runNow(task));
    }

    void run(Duration delay, Runnable task) {
        run(delay.toNanos(), task);
    }

    /** Stops everything for a while; longer pauses swallow shorter ones. */
    void pause(long nanos) {
        if (dead) {
            return;
        }
        note("paused for " + Duration.ofNanos(nanos));
        paused = true;
        pausedUntil = Math.max(pausedUntil, scheduler.now() + nanos);
        scheduler.at(pausedUntil, number, this::resume);
    }

    /** Ends everything as {@code kill -9} does. */
    void kill() {
        dead = true;
        loops.forEach(SimulatedLoop::close);
        heldBack.clear();
    }

    void note(String what) {
        scheduler.note(name, what);
    }

    /** Returns how late the next task begins. */
    long lag() {
        return jitter.nextInt(RARE) == 0 ? jitter.nextInt(RARE_JITTER_NANOS) : jitter.nextInt(COMMON_JITTER_NANOS);
    }

    /** Runs {@code task} and takes an exception for what it is: a fault of the code under test. */
    void runNow(Runnable task) {
        if (dead) {
            return;
        }
        if (paused) {
            heldBack.add(task);
            return;
        }
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            StackTraceElement[] trace = e.getStackTrace();
            violations.report("no task fails", name + ": " + e + (trace.length == 0 ? "" : " at " + trace[0]));
        }
    }

    private void resume() {
        if (dead || !paused || scheduler.now() < pausedUntil) {
            return;
        }
        note("goes on after the pause");
        paused = false;
        List<Runnable> late = heldBack;
        heldBack = new ArrayList<>();
        late.forEach(task -> run(0, task));
        loops.forEach(SimulatedLoop::arm);
    }
}
