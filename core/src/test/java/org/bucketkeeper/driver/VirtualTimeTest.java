package org.bucketkeeper.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

    private final VirtualTime time = new VirtualTime();
    private final EventLoop loop = time.newLoop();
    private final List<String> ran = new ArrayList<>();

    @Test
    void runsTasksInOrderOfTheirTime() {
        loop.schedule(Duration.ofSeconds(2), () -> ran.add("second"));
        loop.schedule(Duration.ofSeconds(1), () -> ran.add("first"));

        time.advance(Duration.ofSeconds(2));

        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void runsTasksOfOneTimeInOrderOfSubmissionAcrossLoops() {
        EventLoop other = time.newLoop();
        loop.execute(() -> ran.add("a"));
        other.execute(() -> ran.add("b"));
        loop.execute(() -> ran.add("c"));

        time.runDue();

        assertThat(ran).containsExactly("a", "b", "c");
    }

    @Test
    void runsNothingBeforeItsTime() {
        loop.schedule(Duration.ofSeconds(1), () -> ran.add("late"));

        time.advance(Duration.ofSeconds(1).minusNanos(1));

        assertThat(ran).isEmpty();
    }

    @Test
    void showsEachTaskItsOwnTime() {
        List<Long> times = new ArrayList<>();
        loop.schedule(Duration.ofNanos(5), () -> times.add(loop.nanoTime()));
        loop.schedule(Duration.ofNanos(9), () -> times.add(loop.nanoTime()));

        time.advance(Duration.ofNanos(20));

        assertThat(times).containsExactly(5L, 9L);
        assertThat(time.nanoTime()).isEqualTo(20);
    }

    @Test
    void runsWhatATaskSchedulesWithinTheSameAdvance() {
        loop.schedule(Duration.ofSeconds(1), () -> loop.schedule(Duration.ofSeconds(1), () -> ran.add("chained")));

        time.advance(Duration.ofSeconds(2));

        assertThat(ran).containsExactly("chained");
    }

    @Test
    void dropsACancelledTask() {
        EventLoop.Timer timer = loop.schedule(Duration.ofSeconds(1), () -> ran.add("cancelled"));

        timer.cancel();
        time.advance(Duration.ofSeconds(2));

        assertThat(ran).isEmpty();
    }

    @Test
    void dropsTheTasksOfAClosedLoopOnly() {
        EventLoop other = time.newLoop();
        loop.execute(() -> ran.add("closed"));
        other.execute(() -> ran.add("open"));

        loop.close();
        time.runDue();

        assertThat(ran).containsExactly("open");
    }

    @Test
    void passesOnWhatATaskThrows() {
        loop.execute(() -> {
            throw new IllegalStateException("seen by the test");
        });

        assertThatThrownBy(time::runDue).hasMessage("seen by the test");
    }
}
