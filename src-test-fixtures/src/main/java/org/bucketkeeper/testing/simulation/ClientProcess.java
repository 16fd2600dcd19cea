package org.bucketkeeper.testing.simulation;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.routing.NoOwnerException;
import org.jspecify.annotations.Nullable;

/** A process full of clients: they route, ask, follow refusals, and ask again until they are told that it is done. */
final class ClientProcess {

    private static final long MILLISECOND = 1_000_000L;
    private static final long PAUSE_BETWEEN_REQUESTS = 500 * MILLISECOND;
    private static final long PATIENCE = 2_500 * MILLISECOND;
    private static final long RETRY = 200 * MILLISECOND;
    private static final int MOST_ATTEMPTS = 40;

    private final World world;
    private final SimulatedProcess process;
    private final BucketRouter router;
    private final SplittableRandom random;
    private final List<ClientRequest> acknowledged = new ArrayList<>();
    private long requests;
    private boolean stopped;

    ClientProcess(World world) {
        this.world = world;
        this.process = new SimulatedProcess(world, "clients");
        this.router = BucketRouter.sharing(process.link());
        this.random = world.streams().of("clients");
    }

    SimulatedProcess process() {
        return process;
    }

    BucketRouter router() {
        return router;
    }

    void start() {
        process.machine().run(PAUSE_BETWEEN_REQUESTS, this::next);
    }

    void stop() {
        stopped = true;
    }

    /** Returns the writes that clients were told are stored. */
    List<ClientRequest> acknowledged() {
        return acknowledged;
    }

    /** Sends one last write for {@code bucket}. */
    ClientRequest lastWrite(Bucket bucket) {
        ClientRequest request = new ClientRequest(++requests, bucket, ClientRequest.Kind.WRITE, random.split());
        process.machine().run(0, () -> attempt(request, null));
        return request;
    }

    private void next() {
        if (stopped) {
            return;
        }
        Bucket bucket =
                world.scenario().hot().get(random.nextInt(world.scenario().hot().size()));
        ClientRequest.Kind kind = random.nextInt(3) == 0 ? ClientRequest.Kind.UPDATE : ClientRequest.Kind.WRITE;
        ClientRequest request = new ClientRequest(++requests, bucket, kind, random.split());
        attempt(request, null);
        process.machine().run(random.nextLong(2 * PAUSE_BETWEEN_REQUESTS), this::next);
    }

    private void attempt(ClientRequest request, @Nullable URI hint) {
        if (request.isDone() || request.attempts() >= MOST_ATTEMPTS) {
            return;
        }
        long number = request.nextAttempt();
        URI target = hint == null ? route(request.bucket()) : hint;
        ServerProcess server = target == null ? null : world.serverAt(target);
        if (server == null) {
            again(request, number, null, RETRY);
            return;
        }
        again(request, number, null, PATIENCE);
        server.process()
                .machine()
                .run(
                        way(request),
                        () -> new ServerWork(world, server, request, answer -> {
                                    process.machine().run(way(request), () -> onAnswer(request, number, answer));
                                })
                                .begin());
    }

    private @Nullable URI route(Bucket bucket) {
        try {
            return router.route(bucket).node().localNodeUrl();
        } catch (NoOwnerException e) {
            return null;
        }
    }

    private void onAnswer(ClientRequest request, long number, ServerWork.Answer answer) {
        if (answer.result() == ServerWork.Result.DONE && request.done()) {
            if (request.kind() == ClientRequest.Kind.WRITE) {
                acknowledged.add(request);
            }
        } else if (answer.result() == ServerWork.Result.REFUSED) {
            again(request, number, answer.owner(), answer.owner() == null ? RETRY : RETRY / 20);
        } else if (answer.result() == ServerWork.Result.FAILED) {
            again(request, number, null, RETRY);
        }
    }

    /** Tries again after a while unless another attempt has begun since. */
    private void again(ClientRequest request, long number, @Nullable URI hint, long delay) {
        process.machine().run(delay, () -> {
            if (request.attempts() == number) {
                attempt(request, hint);
            }
        });
    }

    private static long way(ClientRequest request) {
        return request.random().nextInt(8) == 0
                ? request.random().nextLong(400 * MILLISECOND)
                : request.random().nextLong(3 * MILLISECOND);
    }
}
