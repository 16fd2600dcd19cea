package org.bucketkeeper.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateMachineDriverTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> performed = new ArrayList<>();
    private final Alarm alarm = new Alarm();
    private final StateMachineDriver<Long, String> driver =
            new StateMachineDriver<>(time.newLoop(), alarm, performed::add);

    @Test
    void performsWhatAnEventAsksFor() {
        driver.send(10L);

        time.runDue();

        assertThat(performed).containsExactly("set");
    }

    @Test
    void doesNothingInsideTheCallThatSends() {
        driver.send(10L);

        assertThat(performed).isEmpty();
    }

    @Test
    void wakesTheMachineWhenItAskedToBeWoken() {
        driver.send(10L);

        time.advance(Duration.ofNanos(9));
        assertThat(performed).containsExactly("set");
        time.advance(Duration.ofNanos(1));

        assertThat(performed).containsExactly("set", "ring");
    }

    @Test
    void followsAWakeTimeThatMoved() {
        driver.send(10L);
        time.advance(Duration.ofNanos(5));
        driver.send(100L);

        time.advance(Duration.ofNanos(50));
        assertThat(performed).containsExactly("set", "set");
        time.advance(Duration.ofNanos(50));

        assertThat(performed).containsExactly("set", "set", "ring");
    }

    @Test
    void leavesAStoppedMachineAlone() {
        driver.send(10L);
        time.runDue();

        driver.stop();
        driver.send(20L);
        time.advance(Duration.ofNanos(100));

        assertThat(performed).containsExactly("set");
    }

    /** Rings at the time it was last set to. */
    private static final class Alarm implements StateMachine<Long, String> {

        private long ringAt = NEVER;

        @Override
        public List<String> onEvent(Long delay, long now) {
            ringAt = now + delay;
            return List.of("set");
        }

        @Override
        public List<String> onTick(long now) {
            if (ringAt == NEVER || ringAt > now) {
                return List.of();
            }
            ringAt = NEVER;
            return List.of("ring");
        }

        @Override
        public long nanosToNextTick(long now) {
            return ringAt == NEVER ? NEVER : ringAt - now;
        }
    }
}
