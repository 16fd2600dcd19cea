package org.bucketkeeper.examples.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Notices that no byte has moved for some time; up to a quarter of that time late. */
final class ProgressWatch {

    private final Vertx vertx;
    private final Duration timeout;
    private final LongSupplier bytesMoved;
    private final Runnable stalled;
    private long timer = -1;
    private long lastMoved;
    private long lastCount;

    ProgressWatch(Vertx vertx, Duration timeout, LongSupplier bytesMoved, Runnable stalled) {
        this.vertx = vertx;
        this.timeout = timeout;
        this.bytesMoved = bytesMoved;
        this.stalled = stalled;
    }

    void start() {
        lastMoved = System.nanoTime();
        timer = vertx.setPeriodic(Math.max(1, timeout.toMillis() / 4), tick -> look());
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private void look() {
        long count = bytesMoved.getAsLong();
        long now = System.nanoTime();
        if (count != lastCount) {
            lastCount = count;
            lastMoved = now;
        } else if (now - lastMoved >= timeout.toNanos()) {
            stop();
            stalled.run();
        }
    }
}
