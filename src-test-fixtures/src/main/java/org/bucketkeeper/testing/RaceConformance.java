package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Snapshot;
import org.junit.jupiter.api.Test;

abstract class RaceConformance extends ConformanceTests {

    private static final int CLIENTS = 4;
    private static final int INCREMENTS = 50;

    /** Every lost race is somebody's success, so that more attempts than this mean that nobody makes progress. */
    private static final int MAX_ATTEMPTS = 2 * CLIENTS * INCREMENTS;

    RaceConformance(CoordinationStoreConformance kit) {
        super(kit);
    }

    @Test
    void noIncrementOfACounterByComparingItsRevisionIsLost() {
        put("counter", "0");

        List<Incrementer> incrementers = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            incrementers.add(new Incrementer(anotherClient()));
        }
        incrementers.forEach(Incrementer::step);
        incrementers.forEach(incrementer -> await(incrementer.done));

        assertThat(entry("counter").value()).isEqualTo(Integer.toString(CLIENTS * INCREMENTS));
    }

    @Test
    void ofManyThatCreateAKeyIfItIsAbsentOneSucceeds() {
        List<CompletionStage<CommitResult>> attempts = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            CoordinationStore contender = anotherClient();
            for (int j = 0; j < 5; j++) {
                attempts.add(contender.commit(transaction()
                        .ifAbsent(key("lock"))
                        .put(key("lock"), i + "/" + j)
                        .build()));
            }
        }

        List<CommitResult> results = attempts.stream().map(this::await).toList();

        assertThat(results)
                .filteredOn(CommitResult.Committed.class::isInstance)
                .containsExactly(new CommitResult.Committed(entry("lock").createRevision()));
        assertThat(results).filteredOn(CommitResult.Rejected.class::isInstance).hasSize(results.size() - 1);
    }

    /** Adds to the counter again and again; a transaction that lost a race is tried afresh. */
    private final class Incrementer {

        private final CoordinationStore by;
        private final CompletableFuture<Integer> done = new CompletableFuture<>();
        private int increments;
        private int attempts;

        Incrementer(CoordinationStore by) {
            this.by = by;
        }

        void step() {
            by.read(key("counter")).thenCompose(this::increment).whenComplete((result, failure) -> {
                if (failure != null) {
                    done.completeExceptionally(failure);
                } else if (result instanceof CommitResult.Unknown unknown) {
                    done.completeExceptionally(unknown.cause());
                } else {
                    goOn(result instanceof CommitResult.Committed ? 1 : 0);
                }
            });
        }

        private CompletionStage<CommitResult> increment(Snapshot snapshot) {
            Entry counter = snapshot.entries().get(0);
            int next = Integer.parseInt(counter.value()) + 1;
            return by.commit(transaction()
                    .ifModifiedAt(counter.key(), counter.modRevision())
                    .put(counter.key(), Integer.toString(next))
                    .build());
        }

        private void goOn(int added) {
            increments += added;
            attempts++;
            if (increments == INCREMENTS) {
                done.complete(increments);
            } else if (attempts < MAX_ATTEMPTS) {
                step();
            } else {
                done.completeExceptionally(
                        new IllegalStateException(increments + " increments after " + attempts + " attempts"));
            }
        }
    }
}
