package org.bucketkeeper.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.WatchEvent;

/** A store in virtual time whose clients wait five seconds for an answer, and the words that its tests are written in. */
final class StoreBench {

    static final Duration TIMEOUT = Duration.ofSeconds(5);
    static final Duration JUST_UNDER_TIMEOUT = TIMEOUT.minusNanos(1);
    static final Duration ONE_NANO = Duration.ofNanos(1);

    final VirtualTime time = new VirtualTime();
    final InMemoryStore store = InMemoryStore.on(time.newLoop());
    final InMemoryClient client = store.connect();
    final InMemoryClient other = store.connect();

    static Transaction put(String key, String value) {
        return Transaction.builder().put(key, value).build();
    }

    /** Runs what is due and returns the value of a stage that must be complete by then. */
    <T> T done(CompletionStage<T> stage) {
        time.runDue();
        assertThat(stage.toCompletableFuture()).isCompleted();
        return stage.toCompletableFuture().join();
    }

    void commit(CoordinationStore by, String key, String value) {
        assertThat(done(by.commit(put(key, value)))).isInstanceOf(CommitResult.Committed.class);
    }

    /** Returns the keys that stand in the store, as the second client sees them. */
    List<String> keys() {
        return done(other.read("")).entries().stream().map(Entry::key).toList();
    }

    /** Watches everything from revision 2 on. */
    List<WatchEvent> watch(CoordinationStore by) {
        List<WatchEvent> events = new ArrayList<>();
        by.watch("", 2, events::add);
        time.runDue();
        return events;
    }

    /** Returns the revisions of the events, all of which must report changes. */
    static List<Long> revisions(List<WatchEvent> events) {
        return events.stream()
                .map(event -> ((WatchEvent.Changes) event).revision())
                .toList();
    }

    static void assertEnded(List<WatchEvent> events, WatchEvent.Reason reason) {
        assertThat(events.get(events.size() - 1))
                .isInstanceOfSatisfying(
                        WatchEvent.Ended.class, end -> assertThat(end.reason()).isEqualTo(reason));
    }
}
