package org.bucketkeeper.etcd;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bucketkeeper.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that every call comes to an end: with its answer, with a {@link StoreException} when the time is up
 * (whatever jetcd still waits for), or with one when the store is closed. Thread-safe.
 */
final class Calls {

    private final String store;
    private final Duration timeout;
    private final ScheduledExecutorService timer;
    private final Set<Call<?>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param store names the store in error messages
     * @param timer completes the calls that ran out of time
     */
    Calls(String store, Duration timeout, ScheduledExecutorService timer) {
        this.store = store;
        this.timeout = timeout;
        this.timer = timer;
    }

    /**
     * Starts a call.
     *
     * @param what says for error messages what is asked of the store
     * @param start sends the request
     * @param convert makes the result of the answer
     */
    <A, R> CompletableFuture<R> call(String what, Supplier<CompletableFuture<A>> start, Function<A, R> convert) {
        Call<R> call = new Call<>(what);
        underWay.add(call);
        if (closed) {
            call.fail(closedException(what));
            return call.result;
        }
        try {
            call.limit = timer.schedule(call::timeOut, timeout.toNanos(), TimeUnit.NANOSECONDS);
            CompletableFuture<R> unused = start.get().thenApply(convert).whenComplete(call::answer);
        } catch (RejectedExecutionException e) {
            call.fail(closedException(what));
        } catch (RuntimeException e) {
            call.fail(failure(what, e));
        }
        return call.result;
    }

    StoreException closedException(String what) {
        return new StoreException(store + " is closed; cannot " + what);
    }

    private StoreException failure(String what, Throwable error) {
        return closed
                ? closedException(what)
                : new StoreException(
                        store + " could not " + what + ": " + Errors.describe(error), Errors.unwrap(error));
    }

    /** Fails what is under way and all that comes later. */
    void close() {
        closed = true;
        for (Call<?> call : underWay) {
            call.fail(new StoreException(store + " was closed before it could " + call.what));
        }
    }

    private final class Call<R> {

        private final String what;
        private final CompletableFuture<R> result = new CompletableFuture<>();
        private volatile @Nullable Future<?> limit;

        Call(String what) {
            this.what = what;
        }

        void answer(R value, @Nullable Throwable error) {
            if (error == null) {
                settled();
                result.complete(value);
            } else {
                fail(failure(what, error));
            }
        }

        void timeOut() {
            fail(new StoreException(store + " did not " + what + " within " + timeout.toMillis() + " ms"));
        }

        void fail(StoreException failure) {
            settled();
            result.completeExceptionally(failure);
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
