package org.bucketkeeper.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemWorkersTest {

    private final SystemEventLoop clock = new SystemEventLoop("workers-test-clock");
    private final SystemWorkers workers = new SystemWorkers("workers-test", clock);

    @AfterEach
    void close() {
        workers.close();
        clock.close();
    }

    @Test
    void callsThatNeverReturnHoldUpNoOther() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(50);
        for (int i = 0; i < 50; i++) {
            workers.run(() -> {
                stuck.countDown();
                awaitQuietly(never);
            });
        }
        CountDownLatch done = new CountDownLatch(1);

        workers.run(done::countDown);

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(stuck.await(30, TimeUnit.SECONDS)).isTrue();
        never.countDown();
    }

    @Test
    void aCallThatThrowsHoldsUpNoOther() throws Exception {
        CountDownLatch done = new CountDownLatch(1);

        workers.run(() -> {
            throw new IllegalStateException("on purpose");
        });
        workers.run(done::countDown);

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
