package org.bucketkeeper.internal.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bucketkeeper.driver.StateMachineDriver;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Snapshot;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.WatchEvent;
import org.junit.jupiter.api.Test;

/** A thousand processes that follow one store, which counts their reads. */
class ManyMirrorsTest {

    private static final int PROCESSES = 1_000;
    private static final Duration WINDOW = Duration.ofMillis(100);

    private final VirtualTime time = new VirtualTime();
    private final List<Follower> processes = new ArrayList<>();
    private final List<Long> reads = new ArrayList<>();
    private Snapshot snapshot = snapshot(0);
    private boolean storeIsAway;

    @Test
    void readASmallCopyAgainWithinFiftyMillisecondsWhenTheirWatchesEnd() {
        startProcesses(300);

        endAllWatches();
        time.advance(Duration.ofMillis(50));

        assertThat(reads).hasSize(PROCESSES);
        assertThat(mostInAny(Duration.ofMillis(5))).isLessThan(PROCESSES / 5);
    }

    /** 10 s, or 10 reads in 100 ms: so large a cluster has thousands of processes, and each reads half a megabyte. */
    @Test
    void spreadTheReadsOfALargeCopyOverSeconds() {
        startProcesses(1_300);

        endAllWatches();
        time.advance(Duration.ofSeconds(11));

        assertThat(reads).hasSize(PROCESSES);
        assertThat(mostInAny(WINDOW)).isLessThanOrEqualTo(3 * PROCESSES / 100);
    }

    @Test
    void doNotAllReadAtOnceWhenTheStoreIsBack() {
        startProcesses(1_300);
        storeIsAway = true;
        endAllWatches();
        time.advance(Duration.ofMinutes(2));
        reads.clear();

        storeIsAway = false;
        time.advance(Duration.ofSeconds(17));

        assertThat(reads).hasSize(PROCESSES);
        assertThat(mostInAny(WINDOW)).isLessThanOrEqualTo(3 * PROCESSES / 100);
    }

    @Test
    void doNotLookTogetherForWhatTheirWatchesMissed() {
        startProcesses(1_300);

        time.advance(Duration.ofMinutes(30));

        assertThat(reads).hasSizeGreaterThan(5 * PROCESSES);
        assertThat(mostInAny(WINDOW)).isLessThanOrEqualTo(10);
    }

    private void startProcesses(int keys) {
        snapshot = snapshot(keys);
        for (int i = 0; i < PROCESSES; i++) {
            Follower process = new Follower(i);
            processes.add(process);
            process.driver.send(new MirrorEvent.Started());
        }
        // Watches that end as soon as they begin are another matter.
        time.advance(Duration.ofSeconds(30));
        reads.clear();
    }

    private void endAllWatches() {
        WatchEvent end = new WatchEvent.Ended(WatchEvent.Reason.DISCONNECTED, new StoreException("a new leader"));
        for (Follower process : processes) {
            process.driver.send(new MirrorEvent.Watched(process.watchNumber, end));
        }
    }

    private int mostInAny(Duration window) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < reads.size(); last++) {
            while (reads.get(last) - reads.get(first) >= window.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    private static Snapshot snapshot(int keys) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            entries.add(new Entry("key-" + i, "", 1, 1, 0));
        }
        return new Snapshot("store", 1, entries);
    }

    private final class Follower {

        private final StateMachineDriver<MirrorEvent, MirrorAction> driver;
        private long watchNumber;

        Follower(int number) {
            MirrorMachine machine = new MirrorMachine(MirrorSettings.DEFAULT, new SplittableRandom(number));
            driver = new StateMachineDriver<>(time.newLoop(), machine, this::perform);
        }

        private void perform(MirrorAction action) {
            if (action instanceof MirrorAction.Read read) {
                reads.add(time.nanoTime());
                driver.send(
                        storeIsAway
                                ? new MirrorEvent.ReadFailed(read.readNumber(), new StoreException("nobody there"))
                                : new MirrorEvent.ReadSucceeded(read.readNumber(), snapshot));
            } else if (action instanceof MirrorAction.OpenWatch open) {
                watchNumber = open.watchNumber();
            }
        }
    }
}
