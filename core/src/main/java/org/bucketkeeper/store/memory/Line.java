package org.bucketkeeper.store.memory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;
import org.bucketkeeper.driver.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a client's connection: brings messages to the other side after a delay, and loses what is sent or
 * under way while it is cut. To be used on the loop only.
 */
final class Line {

    private final EventLoop loop;
    private Duration delay = Duration.ZERO;
    private Duration jitter = Duration.ZERO;
    private @Nullable RandomGenerator random;
    private boolean cut;
    private long cuts;

    Line(EventLoop loop) {
        this.loop = loop;
    }

    void cut() {
        cut = true;
        cuts++;
    }

    void heal() {
        cut = false;
    }

    boolean isCut() {
        return cut;
    }

    /** Returns how often the line was cut so far: two equal numbers mean that nothing got lost in between. */
    long cuts() {
        return cuts;
    }

    void setDelay(Duration delay, Duration jitter, @Nullable RandomGenerator random) {
        this.delay = delay;
        this.jitter = jitter;
        this.random = random;
    }

    /** Opens a way for messages that must not overtake each other; messages on different channels may. */
    Channel open() {
        return new Channel();
    }

    private long travelNanos() {
        RandomGenerator dice = random;
        return delay.toNanos() + (dice == null ? 0 : dice.nextLong(jitter.toNanos() + 1));
    }

    private record Message(long sentAfterCuts, Runnable onArrival, Runnable onLoss) {}

    /** Messages that arrive in the order in which they were sent. */
    final class Channel {

        private final Deque<Message> underWay = new ArrayDeque<>();
        private long lastArrival = loop.nanoTime();

        private Channel() {}

        /** Sends a message that nobody misses. */
        void send(Runnable onArrival) {
            send(onArrival, () -> {});
        }

        /** Sends a message; exactly one of the two tasks is run, later and on the loop unless the line is cut now. */
        void send(Runnable onArrival, Runnable onLoss) {
            if (cut) {
                onLoss.run();
                return;
            }
            long now = loop.nanoTime();
            long arrival = now + travelNanos();
            lastArrival = lastArrival - arrival > 0 ? lastArrival : arrival;
            underWay.add(new Message(cuts, onArrival, onLoss));
            loop.schedule(Duration.ofNanos(lastArrival - now), this::deliverNext);
        }

        /** There is one call for each message; the queue keeps the order also where two timers fire the wrong way. */
        private void deliverNext() {
            Message message = underWay.remove();
            if (message.sentAfterCuts == cuts) {
                message.onArrival.run();
            } else {
                message.onLoss.run();
            }
        }
    }
}
