package org.bucketkeeper.examples.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.fencing.StaleTokenException;
import org.bucketkeeper.ownership.NotOwner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bases of one bucket during one tenure. One thread at a time works for a bucket, because the fence lets one
 * transaction at a time write it anyway: whatever waits meanwhile is stored together in the next one.
 *
 * <p>Thread-safe; nothing blocks.
 */
final class BucketBases {

    private static final Logger LOG = LoggerFactory.getLogger(BucketBases.class);
    private static final int MOST_ROWS_TOGETHER = 2_000;

    private final Bucket bucket;
    private final long token;
    private final BaseStorage storage;
    private final Executor workers;
    private final Supplier<NotOwner> refusal;

    /** Guards what follows it; never held while the storage is called. */
    private final Object lock = new Object();

    private final Map<String, Loaded> bases = new HashMap<>();
    private final Queue<Wish> waiting = new ArrayDeque<>();
    private boolean working;
    private @Nullable Departure departure;

    private static final class Loaded {
        final Base base;
        long usedAt = System.nanoTime();

        Loaded(Base base) {
            this.base = base;
        }
    }

    /** What somebody wants of a base: that it is in memory, and that rows, if there are any, are stored. */
    private record Wish(String uuid, List<NewRow> rows, BooleanSupplier permitted, CompletableFuture<Granted> answer) {}

    private record Granted(Base base, List<SavedRow> saved) {}

    /**
     * Creates the bases of a bucket, none of them loaded.
     *
     * @param token the fencing token of the tenure, or {@link BaseStorage#NO_TOKEN}
     * @param workers where the storage is called
     * @param refusal says who serves the bucket when this process turns out not to
     */
    BucketBases(Bucket bucket, long token, BaseStorage storage, Executor workers, Supplier<NotOwner> refusal) {
        this.bucket = bucket;
        this.token = token;
        this.storage = storage;
        this.workers = workers;
        this.refusal = refusal;
    }

    long token() {
        return token;
    }

    /**
     * Returns a base, loaded.
     *
     * @return completes exceptionally with a {@link StorageException}, or with a {@link DepartedException} if the bucket
     *     is served elsewhere
     */
    CompletionStage<Base> open(String uuid) {
        synchronized (lock) {
            Loaded loaded = bases.get(uuid);
            if (loaded != null) {
                loaded.usedAt = System.nanoTime();
                return CompletableFuture.completedFuture(loaded.base);
            }
        }
        return wish(uuid, List.of(), () -> true).thenApply(Granted::base);
    }

    /**
     * Stores rows at the end of a base; those whose id is stored already are left as they are.
     *
     * @param permitted whether they may be stored still; asked on the thread that does so, last before it is final
     * @return completes when they are stored, with their places; exceptionally as {@link #open}
     */
    CompletionStage<List<SavedRow>> append(String uuid, List<NewRow> rows, BooleanSupplier permitted) {
        return wish(uuid, rows, permitted).thenApply(Granted::saved);
    }

    /** Drops everything, tells everybody why, and refuses what waits and what comes. */
    void depart(Departure reason) {
        List<Wish> refused;
        List<Loaded> gone;
        synchronized (lock) {
            if (departure != null) {
                return;
            }
            departure = reason;
            refused = List.copyOf(waiting);
            waiting.clear();
            gone = List.copyOf(bases.values());
            bases.clear();
        }
        gone.forEach(loaded -> loaded.base.depart(reason));
        refused.forEach(wish -> wish.answer().completeExceptionally(new DepartedException(reason)));
    }

    /** Unloads the bases that nobody watches and nobody has used for {@code idle}. */
    void unloadIdle(Duration idle) {
        synchronized (lock) {
            // Whoever works may be about to add rows to one of them.
            if (!working) {
                long now = System.nanoTime();
                bases.values().removeIf(loaded -> {
                    boolean unused = now - loaded.usedAt > idle.toNanos() && loaded.base.watchers() == 0;
                    if (unused) {
                        loaded.base.depart(new Departure.Unloaded());
                    }
                    return unused;
                });
            }
        }
    }

    /** Returns the bases that are in memory. */
    List<Base> loaded() {
        synchronized (lock) {
            return bases.values().stream().map(loaded -> loaded.base).toList();
        }
    }

    private CompletableFuture<Granted> wish(String uuid, List<NewRow> rows, BooleanSupplier permitted) {
        Wish wish = new Wish(uuid, rows, permitted, new CompletableFuture<>());
        synchronized (lock) {
            if (departure != null) {
                return CompletableFuture.failedFuture(new DepartedException(departure));
            }
            waiting.add(wish);
            if (!working) {
                working = true;
                workers.execute(this::work);
            }
        }
        return wish.answer();
    }

    private void work() {
        for (List<Wish> next = next(); !next.isEmpty(); next = next()) {
            grant(next);
        }
    }

    private List<Wish> next() {
        synchronized (lock) {
            List<Wish> next = new ArrayList<>();
            for (int rows = 0; !waiting.isEmpty() && rows < MOST_ROWS_TOGETHER; ) {
                Wish wish = waiting.remove();
                rows += wish.rows().size();
                next.add(wish);
            }
            working = !next.isEmpty();
            return next;
        }
    }

    /** Whatever happens, each wish gets an answer: one without would keep its permit, and with it the bucket, for ever. */
    private void grant(List<Wish> wishes) {
        List<Wish> open = new ArrayList<>(wishes);
        try {
            store(open);
        } catch (StaleTokenException e) {
            LOG.warn("This server was replaced without noticing; the storage refused it: {}", e.getMessage());
            Departure moved = new Departure.Moved(refusal.get());
            depart(moved);
            fail(open, new DepartedException(moved));
        } catch (PermitExpiredException e) {
            fail(open, new DepartedException(new Departure.Moved(refusal.get())));
        } catch (DepartedException e) {
            fail(open, e);
        } catch (RuntimeException e) {
            LOG.warn("Bucket {}: {}", bucket, e.getMessage());
            forget(open);
            fail(open, e);
        } catch (Error e) {
            LOG.error("Bucket {}: its bases are dropped", bucket, e);
            forget(open);
            fail(open, new IllegalStateException("the server failed: " + e, e));
        }
    }

    /** Takes those out of {@code open} that got their answer. */
    private void store(List<Wish> open) {
        List<Runnable> answers = new ArrayList<>();
        Map<Base, Map<String, Row>> added = new LinkedHashMap<>();
        for (Wish wish : List.copyOf(open)) {
            Base base = loadFor(wish, open);
            if (base != null) {
                List<SavedRow> saved =
                        number(base, wish.rows(), added.computeIfAbsent(base, b -> new LinkedHashMap<>()));
                answers.add(() -> wish.answer().complete(new Granted(base, saved)));
            }
        }
        List<BaseStorage.BaseRow> rows = added.entrySet().stream()
                .flatMap(each -> each.getValue().values().stream()
                        .map(row -> new BaseStorage.BaseRow(each.getKey().uuid(), row)))
                .toList();
        if (!rows.isEmpty()) {
            List<Wish> writing = List.copyOf(open);
            storage.append(
                    bucket,
                    token,
                    rows,
                    () -> writing.stream().allMatch(wish -> wish.permitted().getAsBoolean()));
        }
        added.forEach((base, more) -> {
            if (!more.isEmpty()) {
                base.add(List.copyOf(more.values()));
            }
        });
        answers.forEach(Runnable::run);
        open.clear();
    }

    /** Loads the base of a wish; fails that wish alone, and returns null, if its base cannot be used. */
    private @Nullable Base loadFor(Wish wish, List<Wish> open) {
        try {
            if (!wish.permitted().getAsBoolean()) {
                throw new DepartedException(new Departure.Moved(refusal.get()));
            }
            return load(wish.uuid());
        } catch (StaleTokenException e) {
            throw e;
        } catch (RuntimeException e) {
            open.remove(wish);
            wish.answer().completeExceptionally(e);
            return null;
        }
    }

    private Base load(String uuid) {
        synchronized (lock) {
            Loaded loaded = bases.get(uuid);
            if (loaded != null) {
                loaded.usedAt = System.nanoTime();
                return loaded.base;
            }
        }
        Base base = new Base(uuid, storage.load(bucket, token, uuid));
        synchronized (lock) {
            if (departure != null) {
                throw new DepartedException(departure);
            }
            bases.put(uuid, new Loaded(base));
        }
        return base;
    }

    /** Gives the rows that are new their places; {@code added} has those of the same transaction, by id. */
    private static List<SavedRow> number(Base base, List<NewRow> rows, Map<String, Row> added) {
        List<SavedRow> saved = new ArrayList<>();
        for (NewRow row : rows) {
            Long stored = base.sequenceOf(row.id());
            if (stored == null) {
                long next = base.count() + added.size() + 1;
                stored = added.computeIfAbsent(row.id(), id -> new Row(next, id, row.content()))
                        .seq();
            }
            saved.add(new SavedRow(row.id(), stored));
        }
        return saved;
    }

    /** What is in memory may not be what is stored: it has to be loaded again. */
    private void forget(List<Wish> wishes) {
        for (Wish wish : wishes) {
            Loaded loaded;
            synchronized (lock) {
                loaded = bases.remove(wish.uuid());
            }
            if (loaded != null) {
                loaded.base.depart(new Departure.StorageFailed());
            }
        }
    }

    private static void fail(List<Wish> wishes, RuntimeException failure) {
        wishes.forEach(wish -> wish.answer().completeExceptionally(failure));
    }
}
