package org.bucketkeeper.redis;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.bucketkeeper.store.StoreException;
import org.jspecify.annotations.Nullable;

/** Sees to it that every call ends in time, that not too many are under way, and that none outlives the store. */
final class BoundedCalls {

    private static final int MOST_UNDER_WAY = 10_000;

    private final String store;
    private final Duration timeout;
    private final ScheduledExecutorService timer;
    private final Runnable onTimeout;
    private final Set<Call<?>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param store names the store in messages
     * @param onTimeout is told of a call that got no answer in time
     */
    BoundedCalls(String store, Duration timeout, ScheduledExecutorService timer, Runnable onTimeout) {
        this.store = store;
        this.timeout = timeout;
        this.timer = timer;
        this.onTimeout = onTimeout;
    }

    /**
     * Starts a call.
     *
     * @param what says for messages what is asked of the store
     * @param start starts it, as long as it is wanted, which is what it is given
     * @param convert makes the result of the answer; may throw
     */
    <A, R> CompletableFuture<R> call(
            String what, Function<BooleanSupplier, CompletableFuture<A>> start, Function<A, R> convert) {
        Call<R> call = new Call<>(what);
        if (underWay.size() >= MOST_UNDER_WAY) {
            call.fail("cannot " + what + ": " + MOST_UNDER_WAY + " calls are under way", null);
            return call.result;
        }
        underWay.add(call);
        if (closed) {
            call.failClosed();
            return call.result;
        }
        try {
            call.limit = timer.schedule(call::timeOut, timeout.toNanos(), TimeUnit.NANOSECONDS);
            CompletableFuture<R> unused =
                    start.apply(call::isWanted).thenApply(convert).whenComplete(call::answer);
        } catch (RejectedExecutionException e) {
            call.failClosed();
        } catch (RuntimeException e) {
            call.fail("could not " + what + ": " + Errors.describe(e), e);
        }
        return call.result;
    }

    /** Fails what is under way and all that comes later. */
    void close() {
        closed = true;
        underWay.forEach(Call::failClosed);
    }

    private final class Call<R> {

        private final String what;
        private final CompletableFuture<R> result = new CompletableFuture<>();
        private volatile @Nullable Future<?> limit;

        Call(String what) {
            this.what = what;
        }

        void answer(R value, @Nullable Throwable error) {
            if (error != null) {
                Throwable real = Errors.unwrap(error);
                fail("could not " + what + ": " + Errors.describe(real), real);
            } else {
                settled();
                result.complete(value);
            }
        }

        boolean isWanted() {
            return !result.isDone();
        }

        void timeOut() {
            if (fail("did not " + what + " within " + timeout.toMillis() + " ms", null)) {
                onTimeout.run();
            }
        }

        void failClosed() {
            fail("is closed; cannot " + what, null);
        }

        /** Returns whether that decided the result. */
        boolean fail(String why, @Nullable Throwable cause) {
            settled();
            return result.completeExceptionally(new StoreException(store + " " + why, cause));
        }

        private void settled() {
            underWay.remove(this);
            Future<?> pending = limit;
            if (pending != null) {
                pending.cancel(false);
            }
        }
    }
}
