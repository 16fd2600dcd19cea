package org.bucketkeeper.store.memory;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.WatchEvent;
import org.jspecify.annotations.Nullable;

/**
 * What lies between a client and the server: two lines that can be slow or cut, the timeouts, and the watches that
 * must not outlive a lost message. To be used on the loop only.
 */
final class Connection {

    private final String owner;
    private final InMemoryStore server;
    private final EventLoop loop;
    private final Duration timeout;
    private final Line toStore;
    private final Line fromStore;
    private final Map<ClientWatch, ServerWatch> watches = new LinkedHashMap<>();
    private boolean loseNextRequest;
    private boolean loseNextCommitAnswer;
    private boolean repeatNextWatchEvent;
    private boolean omitNextWatchEvent;

    Connection(String owner, InMemoryStore server, EventLoop loop, Duration timeout) {
        this.owner = owner;
        this.server = server;
        this.loop = loop;
        this.timeout = timeout;
        this.toStore = new Line(loop);
        this.fromStore = new Line(loop);
    }

    <T> void send(Request<T> request) {
        if (!request.isOpen()) {
            return;
        }
        EventLoop.Timer timer = loop.schedule(
                timeout, () -> request.fail(failure("no answer to " + request.what() + " within " + timeout)));
        if (loseNextRequest) {
            loseNextRequest = false;
            return;
        }
        boolean answerGetsLost = loseNextCommitAnswer && request instanceof Request.Commit;
        loseNextCommitAnswer &= !answerGetsLost;
        long sentTo = server.servingProcess();
        toStore.open()
                .send(() -> server.handle(sentTo, request.command(), answer -> {
                    if (!answerGetsLost) {
                        sendBack(request, answer, timer);
                    }
                }));
    }

    private <T> void sendBack(Request<T> request, T answer, EventLoop.Timer timer) {
        fromStore.open().send(() -> {
            timer.cancel();
            request.answer(answer);
        });
    }

    void open(ClientWatch watch, long fromRevision) {
        if (!watch.isOpen()) {
            return;
        }
        Line.Channel channel = fromStore.open();
        ServerWatch serverSide =
                new ServerWatch(watch.prefix(), fromRevision, event -> sendEvent(watch, channel, event));
        watches.put(watch, serverSide);
        if (toStore.isCut() || fromStore.isCut()) {
            detectDeadConnection();
        }
        long sentTo = server.servingProcess();
        toStore.open()
                .send(
                        () -> {
                            if (watches.containsKey(watch) && !server.accept(sentTo, serverSide)) {
                                breakOff(watch);
                            }
                        },
                        () -> breakOff(watch));
    }

    /** Lets go of a watch on both sides without a further event. */
    void forget(ClientWatch watch) {
        ServerWatch serverSide = watches.remove(watch);
        if (serverSide != null) {
            server.drop(serverSide);
        }
    }

    void close() {
        List.copyOf(watches.keySet()).forEach(this::forget);
    }

    private void sendEvent(ClientWatch watch, Line.Channel channel, WatchEvent event) {
        int times = 1;
        if (event instanceof WatchEvent.Changes) {
            times = omitNextWatchEvent ? 0 : repeatNextWatchEvent ? 2 : 1;
            omitNextWatchEvent &= times != 0;
            repeatNextWatchEvent &= times != 2;
        }
        for (int i = 0; i < times; i++) {
            channel.send(() -> deliver(watch, event), () -> breakOff(watch));
        }
    }

    private void deliver(ClientWatch watch, WatchEvent event) {
        if (event instanceof WatchEvent.Ended) {
            forget(watch);
        }
        watch.receive(event);
    }

    /** A message of the watch was lost, so it may only end; the client notices after the time it waits for answers. */
    private void breakOff(ClientWatch watch) {
        watch.breakOff();
        forget(watch);
        loop.schedule(timeout, () -> end(watch, "a message of the watch was lost"));
    }

    private void end(ClientWatch watch, String why) {
        forget(watch);
        watch.end(new WatchEvent.Ended(WatchEvent.Reason.DISCONNECTED, failure(why)));
    }

    private void endAll(String why) {
        List.copyOf(watches.keySet()).forEach(watch -> end(watch, why));
    }

    /** Ends all watches one timeout from now if a line that is cut now has not been healed until then. */
    private void detectDeadConnection() {
        Outage now = new Outage();
        loop.schedule(timeout, () -> {
            if (now.lasts()) {
                endAll("no sign of life from the store within " + timeout);
            }
        });
    }

    void cut(Direction direction) {
        if (direction.concerns(Direction.TO_STORE)) {
            toStore.cut();
        }
        if (direction.concerns(Direction.FROM_STORE)) {
            fromStore.cut();
        }
        detectDeadConnection();
    }

    void heal() {
        toStore.heal();
        fromStore.heal();
    }

    void slow(Direction direction, Duration delay, Duration jitter, @Nullable RandomGenerator random) {
        if (direction.concerns(Direction.TO_STORE)) {
            toStore.setDelay(delay, jitter, random);
        }
        if (direction.concerns(Direction.FROM_STORE)) {
            fromStore.setDelay(delay, jitter, random);
        }
    }

    void loseNextRequest() {
        loseNextRequest = true;
    }

    void loseNextCommitAnswer() {
        loseNextCommitAnswer = true;
    }

    void dropWatches() {
        endAll("the watch was dropped by a fault");
    }

    void repeatNextWatchEvent() {
        repeatNextWatchEvent = true;
    }

    void omitNextWatchEvent() {
        omitNextWatchEvent = true;
    }

    private StoreException failure(String what) {
        return new StoreException(server + ", " + owner + ": " + what);
    }

    /** Which lines are cut at one moment, and whether one of them has been so ever since. */
    private final class Outage {

        private final boolean noRequests = toStore.isCut();
        private final boolean noAnswers = fromStore.isCut();
        private final long requestCuts = toStore.cuts();
        private final long answerCuts = fromStore.cuts();

        boolean lasts() {
            return (noRequests && toStore.isCut() && toStore.cuts() == requestCuts)
                    || (noAnswers && fromStore.isCut() && fromStore.cuts() == answerCuts);
        }
    }
}
