package org.bucketkeeper.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.bucketkeeper.testing.Eventually.get;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.bucketkeeper.store.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every call comes to an end, even if nothing that it waits for ever does. */
class CallsTest {

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final Calls calls = new Calls("the store", Duration.ofMillis(100), timer);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void anAnswerIsConverted() {
        CompletableFuture<String> result =
                calls.call("count", () -> CompletableFuture.completedFuture(1), count -> "counted " + count);

        assertThat(get(result)).isEqualTo("counted 1");
    }

    @Test
    void aCallThatIsNeverAnsweredFailsAfterTheTimeout() {
        CompletableFuture<Object> result = calls.call("count", CompletableFuture::new, Function.identity());

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> get(result))
                .withMessage("the store did not count within 100 ms");
    }

    @Test
    void aFailureSaysWhatWasAskedOfWhomAndKeepsItsCause() {
        IllegalStateException cause = new IllegalStateException("no paper");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> get(calls.call("count", () -> CompletableFuture.failedFuture(cause), value -> value)))
                .withMessage("the store could not count: no paper")
                .withCause(cause);
    }

    @Test
    void aCallThatCannotBeStartedFails() {
        IllegalStateException cause = new IllegalStateException("no pen");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> get(calls.call(
                        "count",
                        () -> {
                            throw cause;
                        },
                        Function.identity())))
                .withCause(cause);
    }

    @Test
    void closingFailsWhatIsUnderWayAndAllThatComesLater() {
        CompletableFuture<Object> underWay = calls.call("count", CompletableFuture::new, Function.identity());

        calls.close();
        CompletableFuture<Object> later = calls.call("count", CompletableFuture::new, Function.identity());

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> get(underWay))
                .withMessageContaining("was closed before it could count");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> get(later))
                .withMessage("the store is closed; cannot count");
    }
}
