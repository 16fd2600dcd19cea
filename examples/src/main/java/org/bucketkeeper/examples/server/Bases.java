package org.bucketkeeper.examples.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.NotOwner;
import org.jspecify.annotations.Nullable;

/**
 * All bases that are in this process's memory, loaded when they are first used. Each is used under a permit, which the
 * caller keeps open until it has its answer.
 *
 * <p>Thread-safe; nothing blocks.
 */
final class Bases {

    private final AtomicReferenceArray<@Nullable BucketBases> buckets = new AtomicReferenceArray<>(Bucket.COUNT);
    private final BaseStorage storage;
    private final Executor workers;
    private final Function<Bucket, NotOwner> refusal;

    /**
     * Creates bases of which none is in memory.
     *
     * @param workers where the storage is called; may block
     * @param refusal says who serves a bucket when this process turns out not to
     */
    Bases(BaseStorage storage, Executor workers, Function<Bucket, NotOwner> refusal) {
        this.storage = storage;
        this.workers = workers;
        this.refusal = refusal;
    }

    /** Does what {@link BucketBases#open} does. */
    CompletionStage<Base> open(BaseAccess.Permit permit, String uuid) {
        BucketBases bases = under(permit);
        return bases == null ? refused(permit) : bases.open(uuid);
    }

    /** Does what {@link BucketBases#append} does. */
    CompletionStage<List<SavedRow>> append(BaseAccess.Permit permit, String uuid, List<NewRow> rows) {
        BucketBases bases = under(permit);
        return bases == null ? refused(permit) : bases.append(uuid, rows, permit::isValid);
    }

    /** Drops the bases of a bucket that were used under {@code token} or an earlier one, and says who serves them. */
    void depart(Bucket bucket, long token) {
        BucketBases bases = buckets.get(bucket.index());
        if (bases != null && bases.token() <= token) {
            // They stay in their place, so that nobody who comes late under the same token begins with new ones.
            bases.depart(new Departure.Moved(refusal.apply(bucket)));
        }
    }

    /** Drops everything, because the server ends. */
    void departAll() {
        used().forEach(bases -> bases.depart(new Departure.Unloaded()));
    }

    /** Unloads what nobody watches and nobody has used for {@code idle}. */
    void unloadIdle(Duration idle) {
        used().forEach(bases -> bases.unloadIdle(idle));
    }

    /** Returns how many bases are in memory. */
    int count() {
        return (int) used().mapToLong(bases -> bases.loaded().size()).sum();
    }

    /** Returns how many watch one. */
    int watchers() {
        return used().flatMap(bases -> bases.loaded().stream())
                .mapToInt(Base::watchers)
                .sum();
    }

    /** Returns the bases of the permit's tenure; null if a later tenure has begun. */
    private @Nullable BucketBases under(BaseAccess.Permit permit) {
        int index = permit.bucket().index();
        while (true) {
            BucketBases current = buckets.get(index);
            if (current != null && current.token() >= permit.fencingToken()) {
                return current.token() == permit.fencingToken() ? current : null;
            }
            Bucket bucket = permit.bucket();
            BucketBases fresh =
                    new BucketBases(bucket, permit.fencingToken(), storage, workers, () -> refusal.apply(bucket));
            if (buckets.compareAndSet(index, current, fresh)) {
                if (current != null) {
                    current.depart(new Departure.Moved(refusal.apply(bucket)));
                }
                return fresh;
            }
        }
    }

    private <T> CompletionStage<T> refused(BaseAccess.Permit permit) {
        return CompletableFuture.failedFuture(
                new DepartedException(new Departure.Moved(refusal.apply(permit.bucket()))));
    }

    private Stream<BucketBases> used() {
        return IntStream.range(0, Bucket.COUNT).mapToObj(buckets::get).filter(bases -> bases != null);
    }
}
