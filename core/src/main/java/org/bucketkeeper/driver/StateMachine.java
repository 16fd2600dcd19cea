package org.bucketkeeper.driver;

import java.util.List;

/**
 * A protocol as a passive object: it is told what happened and at what time, and answers with what to do. It has no
 * thread, no clock and does no I/O, so a test or a simulation can put it through any history.
 *
 * <p>Not thread-safe: a {@link StateMachineDriver} calls it from one loop only.
 *
 * @param <E> what may happen to it
 * @param <A> what it may ask for
 */
public interface StateMachine<E, A> {

    /** Means that no call of {@link #onTick} is wanted. */
    long NEVER = Long.MAX_VALUE;

    /**
     * Takes note of {@code event} and returns the actions to perform, in order.
     *
     * @param event what happened
     * @param now the loop's time, in nanoseconds; never smaller than at an earlier call
     */
    List<A> onEvent(E event, long now);

    /**
     * Takes note that time went by and returns the actions to perform, in order. May be called at any time, also when
     * nothing is due.
     *
     * @param now the loop's time, in nanoseconds; never smaller than at an earlier call
     */
    List<A> onTick(long now);

    /**
     * Returns how many nanoseconds after {@code now} the next {@link #onTick} is wanted, zero or less if it is due, or
     * {@link #NEVER}.
     */
    long nanosToNextTick(long now);
}
