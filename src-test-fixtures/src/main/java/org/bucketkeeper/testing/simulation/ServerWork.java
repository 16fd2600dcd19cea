package org.bucketkeeper.testing.simulation;

import java.net.URI;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.ownership.Guard;
import org.bucketkeeper.ownership.NotOwnerException;
import org.jspecify.annotations.Nullable;

/** What a server does for one request, each step a task of its own, so that a pause or a kill can come between any two. */
final class ServerWork {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final long MILLISECOND = 1_000_000L;

    private final World world;
    private final ServerProcess server;
    private final ClientRequest request;
    private final Consumer<Answer> reply;
    private final SplittableRandom random;

    enum Result {
        DONE,
        REFUSED,
        FAILED
    }

    /** What the client is told; the owner is that of a refusal, if one is known. */
    record Answer(Result result, @Nullable URI owner) {}

    ServerWork(World world, ServerProcess server, ClientRequest request, Consumer<Answer> reply) {
        this.world = world;
        this.server = server;
        this.request = request;
        this.reply = reply;
        this.random = request.random();
    }

    void begin() {
        if (random.nextBoolean()) {
            try {
                entered(server.ownership().enter(request.bucket()));
            } catch (NotOwnerException e) {
                refused(e);
            }
            return;
        }
        server.ownership().enterAsync(request.bucket(), LONGEST_WAIT).whenComplete((guard, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (failure == null) {
                entered(guard);
            } else if (cause instanceof NotOwnerException refusal) {
                refused(refusal);
            } else {
                world.violations().report("a refusal says so", server.process() + ": " + cause);
            }
        });
    }

    private void refused(NotOwnerException refusal) {
        NodeInfo owner = refusal.refusal().owner();
        reply.accept(new Answer(Result.REFUSED, owner == null ? null : owner.localNodeUrl()));
    }

    private void entered(Guard guard) {
        world.board().opened(server, guard);
        step(() -> {
            if (!guard.isValid()) {
                end(guard, Result.FAILED);
            } else if (random.nextInt(4) == 0) {
                // The pause that no margin can exclude: the storage's token check is what is left.
                step(() -> work(guard));
            } else {
                work(guard);
            }
        });
    }

    private void work(Guard guard) {
        BuiltInApplication application = server.builtIn();
        if (request.kind() == ClientRequest.Kind.UPDATE && application != null) {
            if (guard.isValid()) {
                application.keep(request.bucket(), guard.fencingToken(), request.id());
                end(guard, Result.DONE);
            } else {
                end(guard, Result.FAILED);
            }
            return;
        }
        long way = random.nextInt(8) == 0 ? random.nextLong(1_500 * MILLISECOND) : random.nextLong(4 * MILLISECOND);
        world.scheduler().after(way, server.process().machine().number(), () -> {
            boolean stored = world.storage().write(request.bucket(), guard.fencingToken(), request.id());
            if (!stored && !server.isDead() && guard.isValid() && isExclusive(guard)) {
                world.violations()
                        .report(
                                "a valid owner can write",
                                server.process() + ": the storage refused a write with the" + " valid " + guard);
            }
            server.process().machine().run(random.nextLong(4 * MILLISECOND), () -> {
                end(guard, stored ? Result.DONE : Result.FAILED);
            });
        });
    }

    private boolean isExclusive(Guard guard) {
        return world.board().isExclusive(server, guard.bucket(), guard.fencingToken());
    }

    private void end(Guard guard, Result result) {
        reply.accept(new Answer(result, null));
        step(() -> {
            guard.close();
            world.board().closed(guard);
        });
    }

    private void step(Runnable next) {
        long delay = random.nextInt(16) == 0 ? random.nextLong(2_000 * MILLISECOND) : random.nextLong(MILLISECOND);
        server.process().machine().run(delay, next);
    }
}
