package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keeps the first promise that was broken; what follows from it is of no interest. */
final class Violations {

    private final Scheduler scheduler;
    private @Nullable Violation first;

    Violations(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void report(String promise, String text) {
        if (first == null) {
            first = new Violation(promise, text, Duration.ofNanos(scheduler.now()));
            scheduler.note("VIOLATION", promise + ": " + text);
        }
    }

    @Nullable Violation first() {
        return first;
    }

    boolean none() {
        return first == null;
    }
}
