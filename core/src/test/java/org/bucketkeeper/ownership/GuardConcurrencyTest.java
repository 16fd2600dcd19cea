package org.bucketkeeper.ownership;

import static org.bucketkeeper.ownership.Interleavings.inEveryOrder;
import static org.bucketkeeper.ownership.Interleavings.require;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.EventLoop;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a guard promises whatever the order in which threads get to run.
 *
 * <p>Seen to fail with the code broken on purpose: a guard that looks whether it is closed and marks it then, that
 * ignores the tenure or its own closing; a tenure that does not look whether it is over when it is entered, that
 * forgets to leave when it refuses, or ignores its deadline or its end; a receiver that looks whether a guard arrived
 * and gives up then, or that gave up and whose guard is not closed.
 */
@Tag("once")
class GuardConcurrencyTest {

    private static final Bucket BUCKET = Bucket.of(7);

    @Test
    void countsOnceThoughItIsClosedFromTwoThreads() {
        inEveryOrder(() -> {
            Tenure tenure = new Tenure(BUCKET, 1, new Validity.UntilRevoked());
            AtomicInteger drained = new AtomicInteger();
            Guard closedTwice = entered(tenure);
            Guard other = entered(tenure);

            Interleavings.run(
                    closedTwice::close, closedTwice::close, () -> tenure.gate().close(drained::incrementAndGet));

            require(!closedTwice.isValid(), "closed and valid");
            require(other.isValid(), "made invalid by another's closing");
            require(drained.get() == 0, "drained with a guard open");
            other.close();
            require(drained.get() == 1, "told " + drained.get() + " times that it is drained");
        });
    }

    @Test
    void isNotValidAnyMoreWhenTheDrainWasSeenComplete() {
        inEveryOrder(() -> {
            Tenure tenure = new Tenure(BUCKET, 1, new Validity.UntilRevoked());
            AtomicInteger drained = new AtomicInteger();
            Runnable worker = () -> {
                Guard guard = tenure.tryEnter();
                if (guard != null) {
                    require(guard.isValid(), "invalid without a cause");
                    require(drained.get() == 0, "open and valid after the drain");
                    guard.close();
                }
            };

            Interleavings.run(worker, worker, () -> tenure.gate().close(drained::incrementAndGet));

            require(drained.get() == 1, "told " + drained.get() + " times that it is drained");
            require(tenure.tryEnter() == null, "a guard was given out after the drain");
        });
    }

    @Test
    void isInvalidFromTheMomentItsTenureIsRevoked() {
        inEveryOrder(() -> {
            Tenure tenure = new Tenure(BUCKET, 1, new Validity.UntilRevoked());
            AtomicInteger revoked = new AtomicInteger();
            AtomicInteger drained = new AtomicInteger();

            Interleavings.run(
                    useUntilOver(tenure, revoked), () -> tenure.gate().close(drained::incrementAndGet), () -> {
                        tenure.revoke();
                        revoked.set(1);
                    });

            require(drained.get() == 1, "told " + drained.get() + " times that it is drained");
        });
    }

    @Test
    void isInvalidFromTheMomentTheDeadlinePasses() {
        inEveryOrder(() -> {
            HandClock clock = new HandClock();
            Validity.UntilDeadline validity = new Validity.UntilDeadline(clock);
            validity.extendTo(10);
            Tenure tenure = new Tenure(BUCKET, 1, validity);
            AtomicInteger passed = new AtomicInteger();
            AtomicInteger drained = new AtomicInteger();

            Interleavings.run(useUntilOver(tenure, passed), () -> tenure.gate().close(drained::incrementAndGet), () -> {
                clock.now = 10;
                passed.set(1);
            });

            require(drained.get() == 1, "told " + drained.get() + " times that it is drained");
        });
    }

    @Test
    void isClosedIfItsReceiverGaveUpAtTheSameMoment() {
        inEveryOrder(() -> {
            Tenure tenure = new Tenure(BUCKET, 1, new Validity.UntilRevoked());
            CompletableFuture<Guard> receiver = new CompletableFuture<>();
            NotOwnerException refusal = new NotOwnerException(new NotOwner(BUCKET, null, 1));
            AtomicInteger received = new AtomicInteger();

            Interleavings.run(() -> Waiters.give(receiver, entered(tenure)), () -> {
                if (receivesInTime(receiver, refusal)) {
                    received.set(1);
                }
            });

            require(tenure.gate().inside() == received.get(), "a guard was lost, or was closed under its receiver");
        });
    }

    private static boolean receivesInTime(CompletableFuture<Guard> receiver, NotOwnerException refusal) {
        try {
            return Waiters.takeOrGiveUp(receiver, refusal).isValid();
        } catch (NotOwnerException e) {
            return false;
        }
    }

    /** Asks for a guard and uses it; nothing may be valid once {@code over} is set, nor valid again. */
    private static Runnable useUntilOver(Tenure tenure, AtomicInteger over) {
        return () -> {
            boolean wasOver = over.get() == 1;
            Guard guard = tenure.tryEnter();
            require(!(wasOver && guard != null), "a guard was given out after the end");
            if (guard != null) {
                boolean isOver = over.get() == 1;
                boolean valid = guard.isValid();
                require(!(isOver && valid), "valid after the end");
                require(valid || !guard.isValid(), "valid again");
                guard.close();
                require(!guard.isValid(), "closed and valid");
            }
        };
    }

    private static Guard entered(Tenure tenure) {
        Guard guard = tenure.tryEnter();
        if (guard == null) {
            throw new AssertionError("refused a guard without a cause");
        }
        return guard;
    }

    /** A clock that stands still until somebody moves it. */
    private static final class HandClock implements EventLoop {

        volatile long now;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Instant timeOfDay() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void execute(Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
