package org.bucketkeeper.testing.simulation;

import java.time.Duration;

/**
 * One disaster.
 *
 * @param number its place in the plan
 * @param at the true time at which it begins, in nanoseconds
 * @param kind what happens
 * @param target the number of the process or server it happens to, where it happens to one
 * @param duration how long it lasts, in nanoseconds
 * @param choice decides what else there is to choose
 */
record Fault(int number, long at, FaultKind kind, int target, long duration, int choice) {

    long end() {
        return at + duration;
    }

    @Override
    public String toString() {
        String where = switch (kind.target()) {
            case PROCESS -> " process " + target;
            case SERVER -> " server " + target;
            case CLUSTER -> "";
        };
        return String.format(
                "#%d %.3f s %s%s for %s, choice %d", number, at / 1e9, kind, where, Duration.ofNanos(duration), choice);
    }
}
