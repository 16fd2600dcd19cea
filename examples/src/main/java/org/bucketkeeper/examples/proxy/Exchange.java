package org.bucketkeeper.examples.proxy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * One request, from its head to the end of its answer: sent to its bucket's owner, held and sent again for as long as it
 * certainly has not run, and then answered once. Runs on the client connection's event loop only.
 */
final class Exchange {

    private static final Duration FIRST_WAIT = Duration.ofMillis(20);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

    private final ProxyParts proxy;
    private final HttpServerRequest request;
    private final String target;
    private final Bucket bucket;
    private final RequestBody body;
    private final ClientAnswer answer;
    private final ProgressWatch watch;
    private final long begin = System.nanoTime();
    private Buffer smallBody = Buffer.buffer();
    private @Nullable Attempt attempt;
    private HeldRequests.@Nullable Waiter waiter;
    private boolean held;
    private long holdEnds;
    private Duration wait = FIRST_WAIT;
    private boolean over;

    Exchange(ProxyParts proxy, HttpServerRequest request, String target, Bucket bucket) {
        this.proxy = proxy;
        this.request = request;
        this.target = target;
        this.bucket = bucket;
        this.body = RequestBody.of(request);
        this.answer = new ClientAnswer(proxy, request);
        this.watch = new ProgressWatch(proxy.vertx(), proxy.settings().timeout(), answer::bytesMoved, this::stalled);
    }

    void begin() {
        request.response().closeHandler(closed -> end("client_gone"));
        watch.start();
        if (body == RequestBody.SMALL) {
            RequestBody.read(request).onSuccess(bytes -> {
                smallBody = bytes;
                attempt();
            });
        } else {
            if (body == RequestBody.STREAMED) {
                request.pause();
            }
            attempt();
        }
    }

    HttpServerRequest request() {
        return request;
    }

    /** Returns the request's target, in origin form. */
    String target() {
        return target;
    }

    Bucket bucket() {
        return bucket;
    }

    RequestBody body() {
        return body;
    }

    Buffer smallBody() {
        return smallBody;
    }

    boolean isOver() {
        return over;
    }

    /** The attempt under way came to nothing before the request ran. */
    void setBack(Setback setback) {
        if (over) {
            return;
        }
        proxy.metrics().setBack(setback.cause());
        attempt = null;
        long now = System.nanoTime();
        if (!held) {
            if (!proxy.held().enter()) {
                answer(ProxyAnswer.didNotRun(
                        503,
                        "too_many_held",
                        "as many requests wait for their bucket's owner as may: " + setback.why()));
                return;
            }
            held = true;
            holdEnds = now + proxy.settings().hold().toNanos();
        }
        Duration left = Duration.ofNanos(holdEnds - now);
        if (left.isNegative() || left.isZero()) {
            answer(setback.answer());
            return;
        }
        waitAndTryAgain(left, setback.tried());
    }

    /** Nothing more can be had for this request: says so to the client. */
    void answer(ProxyAnswer failure) {
        if (over) {
            return;
        }
        end(failure.error());
        answer.fail(failure, bucket, proxy.routes().revision());
    }

    /** The server answered: passes that on. {@code done} is called in the end, however it ends. */
    void relay(Function<ClientAnswer, Future<Void>> passingOn, Runnable done) {
        leaveHold();
        passingOn.apply(answer).onComplete(relayed -> {
            end(relayed.succeeded() ? "forwarded" : "broken_off");
            done.run();
        });
    }

    /** The server agreed to the upgrade. */
    void tunnel(HttpClientResponse response) {
        end("tunnelled");
        answer.tunnel(response);
    }

    private void attempt() {
        if (over) {
            return;
        }
        waiter = null;
        Destination destination = proxy.routes().of(bucket);
        if (destination instanceof Destination.Target owner) {
            attempt = new Attempt(proxy, this, owner);
            attempt.begin();
        } else if (destination instanceof Destination.Nobody nobody) {
            setBack(new Setback(Setback.Cause.NO_OWNER, nobody.why(), null));
        }
    }

    private void waitAndTryAgain(Duration left, Destination.@Nullable Target tried) {
        Duration jittered =
                wait.multipliedBy(ThreadLocalRandom.current().nextInt(50, 101)).dividedBy(100);
        wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
        HeldRequests.Waiter next =
                proxy.held().await(bucket, jittered.compareTo(left) < 0 ? jittered : left, this::attempt);
        waiter = next;
        // The change may have come before there was a waiter to wake.
        if (proxy.routes().of(bucket) instanceof Destination.Target now && !now.equals(tried)) {
            next.wake();
        }
    }

    private void stalled() {
        if (over) {
            return;
        }
        String timeout = proxy.settings().timeout().toMillis() + " ms";
        if (attempt != null && attempt.isSent()) {
            answer(ProxyAnswer.mayHaveRun(504, "timed_out", "the server did not answer within " + timeout));
        } else {
            answer(ProxyAnswer.didNotRun(408, "request_timed_out", "the request did not go on within " + timeout));
        }
    }

    /** From here on nothing is done for this request, but to end what was begun. */
    private void end(String outcome) {
        if (over) {
            return;
        }
        over = true;
        watch.stop();
        leaveHold();
        if (waiter != null) {
            waiter.cancel();
        }
        if (attempt != null && !outcome.equals("tunnelled") && !outcome.equals("forwarded")) {
            attempt.cancel();
        }
        proxy.metrics().ended(outcome, Duration.ofNanos(System.nanoTime() - begin));
    }

    private void leaveHold() {
        if (held) {
            held = false;
            proxy.held().leave();
        }
    }
}
