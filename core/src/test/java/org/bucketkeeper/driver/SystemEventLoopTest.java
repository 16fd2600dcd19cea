package org.bucketkeeper.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemEventLoopTest {

    private final EventLoop loop = new SystemEventLoop("loop-under-test");

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void runsTasksInOrderOnOneNamedDaemonThread() throws Exception {
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            loop.execute(() -> ran.add(number));
        }
        loop.execute(() -> {
            thread.complete(Thread.currentThread());
        });

        Thread runner = thread.get(30, TimeUnit.SECONDS);
        assertThat(ran).isSorted().hasSize(100);
        assertThat(runner.isDaemon()).isTrue();
        assertThat(runner.getName()).isEqualTo("loop-under-test");
    }

    @Test
    void goesOnAfterATaskThatThrew() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(() -> {
            throw new IllegalStateException("expected in the log");
        });
        loop.execute(done::countDown);

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void dropsTasksQuietlyAfterItWasClosed() {
        loop.close();

        assertThatCode(() -> {
                    loop.execute(() -> {});
                    loop.schedule(Duration.ZERO, () -> {}).cancel();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void runsADelayedTaskNotBeforeItsTime() throws Exception {
        CompletableFuture<Long> ranAt = new CompletableFuture<>();
        long start = loop.nanoTime();

        loop.schedule(Duration.ofMillis(20), () -> {
            ranAt.complete(loop.nanoTime());
        });

        assertThat(ranAt.get(30, TimeUnit.SECONDS) - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
    }
}
