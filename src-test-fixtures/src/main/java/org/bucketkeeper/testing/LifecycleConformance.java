package org.bucketkeeper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.junit.jupiter.api.Test;

abstract class LifecycleConformance extends ConformanceTests {

    LifecycleConformance(CoordinationStoreConformance kit) {
        super(kit);
    }

    @Test
    void closingTwiceIsAllowed() {
        CoordinationStore closed = anotherClient();
        closed.close();

        assertThatCode(closed::close).doesNotThrowAnyException();
    }

    @Test
    void aClosedClientFailsEveryStage() {
        Lease lease = grant();
        CoordinationStore closed = anotherClient();
        closed.close();

        assertFails(closed.read(prefix()));
        assertFails(closed.grantLease(shortestTtl()));
        assertFails(closed.keepAlive(lease.id()));
        assertFails(closed.revokeLease(lease.id()));
    }

    @Test
    void aCommitOfAClosedClientIsUnknownAndNotApplied() {
        CoordinationStore closed = anotherClient();
        closed.close();

        CommitResult result =
                await(closed.commit(transaction().put(key("k"), "v").build()));

        assertThat(result).isInstanceOf(CommitResult.Unknown.class);
        assertThat(entries()).isEmpty();
    }

    @Test
    void closingCompletesWhatIsUnderWay() {
        CoordinationStore closed = anotherClient();
        List<CompletionStage<CommitResult>> underWay = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            underWay.add(closed.commit(transaction().put(key("k" + i), "v").build()));
        }

        closed.close();

        underWay.forEach(this::await);
    }

    @Test
    void closingEndsWatchesWithoutAFurtherEvent() {
        CoordinationStore closed = anotherClient();
        RecordedWatch watch = watch(closed, prefix(), read().revision() + 1);
        long first = put("first", "v");
        awaitEvents(watch, 1);

        closed.close();
        put("second", "v");
        RecordedWatch other = watch(first);
        awaitEvents(other, 2);
        passTime(Duration.ofMillis(200));

        assertThat(watch.events()).hasSize(1);
        assertThat(watch.end()).isNull();
    }

    @Test
    void closingOneClientLeavesTheOthersAlone() {
        RecordedWatch watch = watch(read().revision() + 1);
        CoordinationStore closed = anotherClient();
        await(closed.read(prefix()));

        closed.close();
        put("k", "v");

        awaitEvents(watch, 1);
    }

    @Test
    void closingAClientLeavesItsLeasesToExpire() {
        CoordinationStore closed = anotherClient();
        Lease lease = await(closed.grantLease(shortestTtl()));
        await(closed.commit(transaction().putUnder(lease.id(), key("k"), "v").build()));

        closed.close();

        assertThat(names()).containsExactly("k");
    }

    private void assertFails(CompletionStage<?> stage) {
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> await(stage));
    }
}
