package org.bucketkeeper.store.memory;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.bucketkeeper.driver.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Breaks one client's connection in a chosen way, so that a test can show what its code does about it.
 *
 * <p>Each method returns at once and takes effect on the store's loop, before any request that the same thread sends
 * afterwards. Thread-safe.
 */
public final class Faults {

    private final EventLoop loop;
    private final Connection connection;

    Faults(EventLoop loop, Connection connection) {
        this.loop = loop;
        this.connection = connection;
    }

    /**
     * Loses every message in {@code direction} until {@link #heal()}, those under way included. Requests fail after the
     * request timeout. A watch ends with {@link org.bucketkeeper.store.WatchEvent.Reason#DISCONNECTED} one request
     * timeout after it lost a message, and at the latest when the cut has lasted that long.
     */
    public void cut(Direction direction) {
        Objects.requireNonNull(direction, "direction");
        inject(c -> c.cut(direction));
    }

    /** Lets messages pass again both ways; what was lost stays lost. */
    public void heal() {
        inject(Connection::heal);
    }

    /**
     * Makes every message in {@code direction} take {@code delay} from now on; zero makes it fast again.
     *
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    public void slow(Direction direction, Duration delay) {
        slow(direction, delay, Duration.ZERO, null);
    }

    /**
     * Makes every message in {@code direction} take {@code delay} and up to {@code jitter} more from now on, so that
     * requests and answers overtake each other. Events of one watch stay in order.
     *
     * @param random draws the jitter; used on the store's loop only
     * @throws IllegalArgumentException if a duration is negative
     */
    public void slowWithJitter(Direction direction, Duration delay, Duration jitter, RandomGenerator random) {
        Objects.requireNonNull(random, "random");
        slow(direction, delay, jitter, random);
    }

    private void slow(Direction direction, Duration delay, Duration jitter, @Nullable RandomGenerator random) {
        Objects.requireNonNull(direction, "direction");
        requireNotNegative("delay", delay);
        requireNotNegative("jitter", jitter);
        inject(c -> c.slow(direction, delay, jitter, random));
    }

    /** Loses the next request, of whatever kind: it has no effect and no answer. Watches are no requests. */
    public void loseNextRequest() {
        inject(Connection::loseNextRequest);
    }

    /** Loses the answer of the next commit: it takes effect, and its result is unknown after the request timeout. */
    public void loseNextCommitAnswer() {
        inject(Connection::loseNextCommitAnswer);
    }

    /** Ends all watches of this client with {@link org.bucketkeeper.store.WatchEvent.Reason#DISCONNECTED}. */
    public void dropWatches() {
        inject(Connection::dropWatches);
    }

    /** Breaks the store's contract: the next watch event with changes comes twice. */
    public void breakContractByRepeatingNextWatchEvent() {
        inject(Connection::repeatNextWatchEvent);
    }

    /** Breaks the store's contract: the next watch event with changes is left out, and the watch goes on. */
    public void breakContractByOmittingNextWatchEvent() {
        inject(Connection::omitNextWatchEvent);
    }

    private void inject(Consumer<Connection> fault) {
        loop.execute(() -> fault.accept(connection));
    }

    private static void requireNotNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative but is " + duration);
        }
    }
}
