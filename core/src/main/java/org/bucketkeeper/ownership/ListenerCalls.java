package org.bucketkeeper.ownership;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.driver.Workers;

/**
 * Calls the listener for one bucket one call after the other, and for different buckets independently, so that a call
 * that never returns holds up its own bucket only. To be used on the loop.
 */
final class ListenerCalls {

    private final EventLoop loop;
    private final Workers workers;

    /** The calls that wait, for each bucket that has a call under way. */
    private final Map<Bucket, Queue<Runnable>> waiting = new HashMap<>();

    ListenerCalls(EventLoop loop, Workers workers) {
        this.loop = loop;
        this.workers = workers;
    }

    /** Makes {@code call} after the earlier calls for {@code bucket} have returned. */
    void add(Bucket bucket, Runnable call) {
        Queue<Runnable> queue = waiting.get(bucket);
        if (queue == null) {
            waiting.put(bucket, new ArrayDeque<>());
            start(bucket, call);
        } else {
            queue.add(call);
        }
    }

    private void start(Bucket bucket, Runnable call) {
        workers.run(() -> {
            try {
                call.run();
            } finally {
                loop.execute(() -> startNext(bucket));
            }
        });
    }

    private void startNext(Bucket bucket) {
        Queue<Runnable> queue = waiting.get(bucket);
        Runnable next = queue == null ? null : queue.poll();
        if (next == null) {
            waiting.remove(bucket);
        } else {
            start(bucket, next);
        }
    }
}
