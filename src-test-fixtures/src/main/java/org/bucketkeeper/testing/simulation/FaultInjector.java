package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.util.function.Consumer;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.memory.Direction;
import org.jspecify.annotations.Nullable;

/** Makes the disasters of a plan happen, each at its time, and ends them. */
final class FaultInjector {

    private static final int NOBODY = 0;

    /** Longer than the store takes to tell the checks what it has. */
    private static final long SOON = 10_000_000L;

    private final World world;
    private final Operators operators;
    private boolean catchingUp;

    FaultInjector(World world) {
        this.world = world;
        this.operators = world.operators();
    }

    void plan(Fault fault) {
        world.scheduler().at(fault.at(), NOBODY, () -> {
            world.scheduler().note("FAULT", fault.toString());
            begin(fault);
        });
    }

    private void begin(Fault fault) {
        switch (fault.kind()) {
            case CRASH -> crash(fault);
            case PAUSE -> toProcess(fault, process -> process.machine().pause(fault.duration()));
            case CUT -> cut(fault, Direction.BOTH);
            case CUT_TO_STORE -> cut(fault, Direction.TO_STORE);
            case CUT_FROM_STORE -> cut(fault, Direction.FROM_STORE);
            case SLOW -> slow(fault, Direction.BOTH);
            case SLOW_ANSWERS -> slow(fault, Direction.FROM_STORE);
            case STALL -> stall(fault);
            case LOSE_REQUEST ->
                toProcess(fault, process -> process.client().faults().loseNextRequest());
            case LOSE_COMMIT_ANSWER ->
                toProcess(fault, process -> process.client().faults().loseNextCommitAnswer());
            case DROP_WATCHES ->
                toProcess(fault, process -> process.client().faults().dropWatches());
            case REPEAT_EVENT ->
                toProcess(fault, process -> process.client().faults().breakContractByRepeatingNextWatchEvent());
            case LEAVE -> leave(fault);
            case TWIN -> twin(fault);
            case LISTENER_THROWS -> mood(fault, Mood.THROWS);
            case LISTENER_FAILS_LATER -> mood(fault, Mood.FAILS_LATER);
            case LISTENER_LATE -> mood(fault, Mood.LATE);
            case LISTENER_STUCK -> mood(fault, Mood.STUCK);
            case LISTENER_FORCED -> mood(fault, Mood.STUCK_FOR_EVER);
            case REBALANCE -> operators.rebalance();
            case CORDON -> operators.cordon(World.nodeId(fault.target()), fault.duration());
            case DRAIN -> operators.drain(World.nodeId(fault.target()), fault.duration());
            case PIN -> operators.pin(bucket(fault), World.nodeId(fault.target()), fault.duration());
            case AUTOMATIC_BALANCING -> operators.balanceAutomatically(fault.duration());
            case COMPACT -> world.store().compact(world.checks().observer().revision() + 1);
            case LEADER_CHANGE -> world.store().changeLeader();
            case STORE_OUTAGE ->
                whenObserved(() -> {
                    world.store().stop();
                    atEnd(fault, world.store()::start);
                });
            case DELETE_ASSIGNMENT -> delete(World.KEYS.assignment());
            case DELETE_CLAIM -> delete(World.KEYS.claim(bucket(fault)));
            case DELETE_REGISTRATION -> delete(World.KEYS.node(World.nodeId(fault.target())));
            case DELETE_EVERYTHING -> deleteEverything();
            case FAIL_OVER -> {
                world.store().pauseReplication();
                atEnd(fault, () -> loseWrites(world.store()::failOver));
            }
            case RESTART_WITHOUT_DATA -> loseWrites(world.store()::restartWithoutData);
        }
    }

    private void loseWrites(Runnable loss) {
        whenObserved(() -> {
            loss.run();
            world.checks().onLoss();
            operators.onLoss();
        });
    }

    /** Runs {@code task} soon if the store loses writes, so that the checks see first what it has and will have lost. */
    private void whenObserved(Runnable task) {
        if (world.settings().guarantee() == StoreGuarantee.KEEPS_WRITES) {
            task.run();
        } else if (catchingUp || !world.checks().observer().isUpToDate()) {
            world.scheduler().after(SOON, NOBODY, () -> whenObserved(task));
        } else {
            catchingUp = true;
            world.checks().observer().catchUp();
            world.scheduler().after(SOON, NOBODY, () -> {
                catchingUp = false;
                task.run();
            });
        }
    }

    private void toProcess(Fault fault, Consumer<SimulatedProcess> effect) {
        SimulatedProcess process = world.process(fault.target());
        if (process != null) {
            world.scheduler().note("FAULT", "#" + fault.number() + " hits " + process);
            effect.accept(process);
        }
    }

    private void atEnd(Fault fault, Runnable task) {
        world.scheduler().at(fault.end(), NOBODY, () -> {
            world.scheduler().note("FAULT", "#" + fault.number() + " ends");
            task.run();
        });
    }

    private void cut(Fault fault, Direction direction) {
        toProcess(fault, process -> {
            process.client().faults().cut(direction);
            atEnd(fault, () -> process.client().faults().heal());
        });
    }

    private void slow(Fault fault, Direction direction) {
        toProcess(fault, process -> {
            process.slow(direction, Duration.ofMillis(200 + fault.choice() % 4_000));
            atEnd(fault, process::fast);
        });
    }

    /** Longer than the request timeout, so that the sender has given the request up when it arrives. */
    private void stall(Fault fault) {
        toProcess(fault, process -> {
            if (fault.choice() % 2 == 0) {
                process.stallNextCommit(Duration.ofMillis(7_500 + fault.choice() % 6_000));
                return;
            }
            process.slow(Direction.TO_STORE, Duration.ofMillis(5_000 + fault.choice() % 6_000));
            atEnd(fault, process::fast);
        });
    }

    private void crash(Fault fault) {
        int servers = world.scenario().servers();
        int target = fault.target();
        if (target >= servers + world.scenario().monitors()) {
            return;
        }
        toProcess(fault, SimulatedProcess::kill);
        // Once in a while a machine is gone for good, as long as another is left.
        boolean forGood = fault.choice() % 4 == 0 && target != 0 && target != servers;
        if (!forGood) {
            atEnd(fault, () -> {
                if (target < servers) {
                    world.startServer(target);
                } else {
                    world.startMonitor(target - servers);
                }
            });
        }
    }

    private void leave(Fault fault) {
        ServerProcess server = world.server(fault.target());
        if (server == null || server.isLeaving()) {
            return;
        }
        if (fault.choice() % 4 == 0) {
            // Once in a while the application does not let go in time.
            for (Bucket bucket : world.scenario().hot()) {
                atEnd(fault, world.moods().begin(server.nodeId(), bucket, Mood.STUCK));
            }
        }
        server.leave().whenComplete((done, failure) -> {
            server.process().machine().note("has left");
            server.process().kill();
            world.scheduler().after(fault.duration(), NOBODY, () -> world.startServer(fault.target()));
        });
    }

    /** Somebody starts a second server with the same name. */
    private void twin(Fault fault) {
        ServerProcess twin = world.newServer(fault.target());
        atEnd(fault, () -> twin.process().kill());
    }

    private void mood(Fault fault, Mood mood) {
        String nodeId = World.nodeId(fault.target());
        atEnd(fault, world.moods().begin(nodeId, bucket(fault), mood));
    }

    private Bucket bucket(Fault fault) {
        return world.scenario()
                .hot()
                .get(fault.choice() % world.scenario().hot().size());
    }

    private void delete(String key) {
        world.administrator().commit(Transaction.builder().delete(key).build());
    }

    private void deleteEverything() {
        Transaction.@Nullable Builder transaction = null;
        int size = 0;
        for (Entry entry : world.checks().observer().under(World.KEYS.prefix()).values()) {
            transaction = transaction == null ? Transaction.builder() : transaction;
            transaction.delete(entry.key());
            if (++size == world.administrator().maxTransactionOperations()) {
                world.administrator().commit(transaction.build());
                transaction = null;
                size = 0;
            }
        }
        if (transaction != null) {
            world.administrator().commit(transaction.build());
        }
    }
}
