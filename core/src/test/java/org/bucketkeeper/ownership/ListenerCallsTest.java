package org.bucketkeeper.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.driver.Workers;
import org.junit.jupiter.api.Test;

class ListenerCallsTest {

    private static final Bucket BUCKET = Bucket.of(0);
    private static final Bucket OTHER = Bucket.of(1);

    private final VirtualTime time = new VirtualTime();
    private final Queue<Runnable> started = new ArrayDeque<>();
    private final List<String> made = new ArrayList<>();
    private final ListenerCalls calls = new ListenerCalls(time.newLoop(), new Workers() {
        @Override
        public void run(Runnable call) {
            started.add(call);
        }

        @Override
        public void close() {}
    });

    @Test
    void callsForOneBucketNeverOverlapAndKeepTheirOrder() {
        calls.add(BUCKET, () -> made.add("first"));
        calls.add(BUCKET, () -> made.add("second"));
        time.runDue();
        assertThat(started).hasSize(1);

        finishNext();
        finishNext();

        assertThat(made).containsExactly("first", "second");
    }

    @Test
    void aCallThatDoesNotReturnHoldsUpNoOtherBucket() {
        calls.add(BUCKET, () -> made.add("never"));
        calls.add(OTHER, () -> made.add("other"));

        assertThat(started).hasSize(2);
    }

    @Test
    void aCallThatThrowsDoesNotHoldUpTheNext() {
        calls.add(BUCKET, () -> {
            throw new IllegalStateException("on purpose");
        });
        calls.add(BUCKET, () -> made.add("second"));

        try {
            finishNext();
        } catch (IllegalStateException expected) {
            made.add(String.valueOf(expected.getMessage()));
        }
        time.runDue();
        finishNext();

        assertThat(made).containsExactly("on purpose", "second");
    }

    private void finishNext() {
        Objects.requireNonNull(started.poll(), "nothing was started").run();
        time.runDue();
    }
}
