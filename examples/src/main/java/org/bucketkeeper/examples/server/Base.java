package org.bucketkeeper.examples.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One base in memory: what is stored of it, and who watches it. Holds stored rows only, so whoever reads it reads
 * nothing that could still be undone.
 *
 * <p>Thread-safe. One thread at a time adds rows.
 */
final class Base {

    private final String uuid;
    private final List<Row> rows;
    private final Map<String, Long> sequences = new HashMap<>();
    private final Set<Watcher> watchers = new HashSet<>();
    private @Nullable Departure departure;

    /**
     * Told of a base's rows in order, without gaps or repeats. Calls come one at a time, from any thread, and must
     * neither block nor call the base.
     */
    interface Watcher {

        /** The first call: the rows after the one that was asked for, and how many there are altogether. */
        void opened(long count, List<Row> later);

        /** More rows were stored. */
        void stored(List<Row> more);

        /** The last call: the base is not in this process's memory any more. */
        void departed(Departure reason);
    }

    /**
     * A part of a base.
     *
     * @param count how many rows the whole base has
     */
    record Page(long count, List<Row> rows) {}

    /**
     * Creates a base in memory from what is stored.
     *
     * @throws IllegalStateException if a row is missing, which no server does: somebody else was at the storage
     */
    Base(String uuid, List<Row> stored) {
        this.uuid = uuid;
        this.rows = new ArrayList<>(stored);
        for (Row row : stored) {
            if (row.seq() != sequences.size() + 1) {
                throw new IllegalStateException("base " + uuid + " in the storage has no row " + (sequences.size() + 1)
                        + " but has row " + row.seq());
            }
            sequences.put(row.id(), row.seq());
        }
    }

    /** Returns the base's UUID: 32 lower-case hex digits. */
    String uuid() {
        return uuid;
    }

    synchronized long count() {
        return rows.size();
    }

    /** Returns the rows after {@code start}, at most {@code limit}. */
    synchronized Page page(long start, long limit) {
        return new Page(rows.size(), after(start, limit));
    }

    /** Returns the place of the row with an id; null if there is none. */
    synchronized @Nullable Long sequenceOf(String id) {
        return sequences.get(id);
    }

    /** Takes rows that have been stored, and tells everybody who watches. */
    synchronized void add(List<Row> stored) {
        for (Row row : stored) {
            rows.add(row);
            sequences.put(row.id(), row.seq());
        }
        watchers.forEach(watcher -> watcher.stored(stored));
    }

    /** Adds a watcher, which is told of the rows after {@code start} at once. */
    synchronized void watch(Watcher watcher, long start) {
        if (departure != null) {
            watcher.departed(departure);
            return;
        }
        watchers.add(watcher);
        watcher.opened(rows.size(), after(start, Long.MAX_VALUE));
    }

    synchronized void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    synchronized int watchers() {
        return watchers.size();
    }

    /** Ends the base: tells everybody who watches, and whoever would watch later. */
    synchronized void depart(Departure reason) {
        departure = reason;
        watchers.forEach(watcher -> watcher.departed(reason));
        watchers.clear();
    }

    private List<Row> after(long start, long limit) {
        // Rows are numbered from 1 without gaps, so a row's number is its index in the list of those after it.
        int from = (int) Math.min(start, rows.size());
        int to = (int) Math.min(rows.size(), limit > rows.size() ? rows.size() : from + limit);
        return List.copyOf(rows.subList(from, to));
    }
}
