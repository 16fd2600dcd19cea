package org.bucketkeeper.ownership;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.bucketkeeper.driver.EventLoop;

/** A loop whose tasks wait while it is paused; time goes on meanwhile. */
final class PausableLoop implements EventLoop {

    private final EventLoop loop;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean paused;

    PausableLoop(EventLoop loop) {
        this.loop = loop;
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        while (!waiting.isEmpty()) {
            loop.execute(waiting.remove());
        }
    }

    @Override
    public long nanoTime() {
        return loop.nanoTime();
    }

    @Override
    public Instant timeOfDay() {
        return loop.timeOfDay();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(() -> run(task));
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return loop.schedule(delay, () -> run(task));
    }

    @Override
    public void close() {
        loop.close();
    }

    private void run(Runnable task) {
        if (paused) {
            waiting.add(task);
        } else {
            task.run();
        }
    }
}
