package org.bucketkeeper.driver;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one {@link StateMachine} on an {@link EventLoop}: brings it events, wakes it when it asked to be woken, and
 * performs the actions it returns. Events may be sent from any thread.
 *
 * @param <E> the machine's events
 * @param <A> the machine's actions
 */
public final class StateMachineDriver<E, A> {

    private final EventLoop loop;
    private final StateMachine<E, A> machine;
    private final Consumer<A> performer;
    private EventLoop.@Nullable Timer timer;
    private boolean stopped;

    /**
     * Creates a driver that does nothing until the first event.
     *
     * @param performer performs one action; called on the loop, must not block
     */
    public StateMachineDriver(EventLoop loop, StateMachine<E, A> machine, Consumer<A> performer) {
        this.loop = loop;
        this.machine = machine;
        this.performer = performer;
    }

    /** Hands {@code event} to the machine on the loop, after whatever the loop is doing now; returns at once. */
    public void send(E event) {
        loop.execute(() -> {
            if (!stopped) {
                run(machine.onEvent(event, loop.nanoTime()));
            }
        });
    }

    /** Stops waking the machine and drops further events; to be called on the loop. */
    public void stop() {
        stopped = true;
        cancelTimer();
    }

    private void tick() {
        if (!stopped) {
            run(machine.onTick(loop.nanoTime()));
        }
    }

    private void run(List<A> actions) {
        try {
            perform(actions);
        } finally {
            rearm();
        }
    }

    /** Performs all actions, whatever one of them throws: the machine counts on each. */
    private void perform(List<A> actions) {
        Throwable failure = null;
        for (A action : actions) {
            try {
                performer.accept(action);
            } catch (RuntimeException | Error e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void rearm() {
        if (stopped) {
            return;
        }
        cancelTimer();
        long nanos = machine.nanosToNextTick(loop.nanoTime());
        if (nanos != StateMachine.NEVER) {
            timer = loop.schedule(Duration.ofNanos(Math.max(0, nanos)), this::tick);
        }
    }

    private void cancelTimer() {
        EventLoop.Timer pending = timer;
        if (pending != null) {
            pending.cancel();
            timer = null;
        }
    }
}
