package org.bucketkeeper.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what only a look from outside can tell, within a bound. */
final class Waiting {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(25);

    private Waiting() {}

    /** Returns true as soon as {@code condition} holds, false if it never did within {@code bound}. */
    static boolean until(Duration bound, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > bound.toNanos()) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The exception to throw where a wait was interrupted; the thread's interrupt mark is set again. */
    static IllegalStateException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted while waiting for a server", cause);
    }
}
