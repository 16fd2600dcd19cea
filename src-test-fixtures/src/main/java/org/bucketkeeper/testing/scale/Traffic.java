package org.bucketkeeper.testing.scale;

import java.time.Duration;
import java.util.List;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.store.Change;
import org.bucketkeeper.store.Entry;

/** Counts what goes between the processes and the store. */
final class Traffic {

    static final long WINDOW = Duration.ofMillis(100).toNanos();

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final VirtualTime time;
    private long begin;
    private Moments renewals = new Moments();
    private Moments reads = new Moments();
    private long readBytes;
    private long events;
    private long eventBytes;
    private long second;
    private long bytesInSecond;
    private long mostBytes;

    Traffic(VirtualTime time) {
        this.time = time;
    }

    void renewal() {
        renewals.add(time.nanoTime());
    }

    void read() {
        reads.add(time.nanoTime());
    }

    void answer(List<Entry> entries) {
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += size(entry);
        }
        readBytes += bytes;
        sent(bytes);
    }

    void changes(List<Change> changes) {
        for (Change change : changes) {
            long bytes = change instanceof Change.Put put
                    ? size(put.entry())
                    : change.key().length();
            events++;
            eventBytes += bytes;
            sent(bytes);
        }
    }

    /** Ends one while and begins the next. */
    ScalePhase next(String name) {
        ScalePhase phase = new ScalePhase(
                name,
                Duration.ofNanos(time.nanoTime() - begin),
                renewals.count(),
                renewals.mostWithin(WINDOW),
                reads.count(),
                reads.mostWithin(WINDOW),
                Duration.ofNanos(Math.max(0, reads.last() - begin)),
                readBytes,
                events,
                eventBytes,
                mostBytes);
        begin = time.nanoTime();
        renewals = new Moments();
        reads = new Moments();
        readBytes = 0;
        events = 0;
        eventBytes = 0;
        bytesInSecond = 0;
        mostBytes = 0;
        return phase;
    }

    /** Everything is ASCII here. */
    static long size(Entry entry) {
        return (long) entry.key().length() + entry.value().length();
    }

    private void sent(long bytes) {
        long now = time.nanoTime() / SECOND;
        if (now != second) {
            second = now;
            bytesInSecond = 0;
        }
        bytesInSecond += bytes;
        mostBytes = Math.max(mostBytes, bytesInSecond);
    }
}
