package org.bucketkeeper.testing;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.store.CoordinationStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/**
 * Shows that a {@link CoordinationStore} keeps its contract: extend this class in the tests of an adapter, say how to
 * open a client, and JUnit runs every rule as one test.
 *
 * <p>The tests need one store that stays up, that nobody else compacts meanwhile, and that may hold keys of
 * others: each test works under a prefix of its own and leaves its keys behind. Clients that a test opened are closed
 * after it. A subclass may start and stop the store for each test or once for all.
 *
 * <p>Time is real unless {@link #passTime} and {@link #nanoTime} are overridden. Then the whole kit takes about ten
 * times {@link #shortestTtl()}, and longer on a store that is slow.
 *
 * <p>Not covered, since it takes a broken connection: that stages complete within the request timeout, that a silent
 * connection ends its watches, and that no transaction runs twice. Tests over a relay that cuts connections show it.
 */
public abstract class CoordinationStoreConformance {

    private @Nullable ConformanceBench bench;

    /** For subclasses. */
    protected CoordinationStoreConformance() {}

    /** Opens a client on the store under test; the kit closes it. All clients of one test must reach the same store. */
    protected abstract CoordinationStore openClient();

    /**
     * Makes the store forget its history before {@code revision}, and returns when a watch from an earlier revision can
     * no longer be served.
     */
    protected abstract void compact(long revision);

    /** Returns the shortest TTL that the store grants, in whole seconds; the lease tests take a few times as long. */
    protected abstract Duration shortestTtl();

    /** Returns how long after its TTL a lease without renewal may live at most; 30 seconds by default. */
    protected Duration expiryDelay() {
        return Duration.ofSeconds(30);
    }

    /** Returns how long the kit waits for an answer or an event before it fails a test; 30 seconds by default. */
    protected Duration patience() {
        return Duration.ofSeconds(30);
    }

    /** Returns a prefix that no test used before, never empty; random by default. */
    protected String newPrefix() {
        return "conformance/" + UUID.randomUUID() + "/";
    }

    /** Lets time go by for the store: waits by default; on a virtual clock, advances it, also if it is by nothing. */
    protected void passTime(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while time went by for the store", e);
        }
    }

    /** Tells the time that {@link #passTime} moves, in nanoseconds since an arbitrary origin; real by default. */
    protected long nanoTime() {
        return System.nanoTime();
    }

    final ConformanceBench bench() {
        ConformanceBench open = bench;
        if (open == null) {
            open = new ConformanceBench(this);
            bench = open;
        }
        return open;
    }

    @AfterEach
    final void closeBench() {
        ConformanceBench open = bench;
        if (open != null) {
            open.close();
        }
    }

    @Nested
    final class Reads extends ReadConformance {
        Reads() {
            super(CoordinationStoreConformance.this);
        }
    }

    @Nested
    final class Transactions extends TransactionConformance {
        Transactions() {
            super(CoordinationStoreConformance.this);
        }
    }

    @Nested
    final class Races extends RaceConformance {
        Races() {
            super(CoordinationStoreConformance.this);
        }
    }

    @Nested
    final class Revisions extends RevisionConformance {
        Revisions() {
            super(CoordinationStoreConformance.this);
        }
    }

    @Nested
    final class Leases extends LeaseConformance {
        Leases() {
            super(CoordinationStoreConformance.this);
        }
    }

    @Nested
    final class Watches extends WatchConformance {
        Watches() {
            super(CoordinationStoreConformance.this);
        }
    }

    @Nested
    final class Lifecycle extends LifecycleConformance {
        Lifecycle() {
            super(CoordinationStoreConformance.this);
        }
    }
}
