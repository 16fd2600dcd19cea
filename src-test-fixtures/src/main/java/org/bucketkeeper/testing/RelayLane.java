package org.bucketkeeper.testing;

import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a relay does to the bytes that go one way, over all its connections. Safe for use by several threads. */
final class RelayLane {

    private boolean held;
    private long delayNanos;
    private long allowance = Long.MAX_VALUE;
    private @Nullable Predicate<byte[]> refused;
    private long passed;

    synchronized void hold() {
        held = true;
        notifyAll();
    }

    synchronized void delay(Duration delay) {
        delayNanos = delay.toNanos();
        notifyAll();
    }

    synchronized void allow(long bytes) {
        allowance = bytes;
    }

    synchronized void refuse(Predicate<byte[]> condition) {
        refused = condition;
    }

    synchronized void heal() {
        held = false;
        delayNanos = 0;
        allowance = Long.MAX_VALUE;
        refused = null;
        notifyAll();
    }

    synchronized long passed() {
        return passed;
    }

    /** Blocks while what arrived at {@code arrivalNanos} has to wait; interrupted when its connection is reset. */
    synchronized void awaitTurn(long arrivalNanos) throws InterruptedException {
        while (true) {
            long remaining = arrivalNanos + delayNanos - System.nanoTime();
            if (held) {
                wait();
            } else if (remaining > 0) {
                wait(remaining / 1_000_000, (int) (remaining % 1_000_000));
            } else {
                return;
            }
        }
    }

    /** How many of the piece's bytes may pass, and are taken as passed: fewer than all means that the cut is due. */
    synchronized int admit(byte[] piece) {
        if (refused != null && refused.test(piece)) {
            return 0;
        }
        int admitted = (int) Math.min(allowance, piece.length);
        if (allowance != Long.MAX_VALUE) {
            allowance -= admitted;
        }
        passed += admitted;
        return admitted;
    }
}
