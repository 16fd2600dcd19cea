package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.driver.ProcessIdentity;
import org.bucketkeeper.driver.ProcessTable;
import org.bucketkeeper.driver.Workers;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.mirror.Mirror;
import org.bucketkeeper.internal.mirror.MirrorSettings;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Transaction;
import org.bucketkeeper.store.memory.Direction;
import org.bucketkeeper.store.memory.InMemoryClient;

/** One process of the cluster: its machine, its connection to the store, and the link that its roles share. */
final class SimulatedProcess {

    private final Machine machine;
    private final InMemoryClient client;
    private final ClusterLink link;
    private final Duration latency;
    private final SplittableRandom network;
    private Duration stall = Duration.ZERO;

    SimulatedProcess(World world, String name) {
        machine = world.newMachine(name);
        client = world.store().connect(name);
        network = world.streams().of("network " + name);
        latency = Duration.ofNanos(world.streams().of("latency " + name).nextLong(100_000, 2_000_000));
        fast();
        link = link(world);
        MirrorCheck check = new MirrorCheck(world, this);
        link.loop().execute(() -> link.mirror().subscribe(check));
    }

    /** Does what {@link ClusterLink#open} does, on simulated threads. */
    private ClusterLink link(World world) {
        EventLoop loop = machine.newLoop();
        CoordinationStore store = new ObservedStore(world.checks(), this, client);
        Mirror mirror = new Mirror(
                loop,
                store,
                World.KEYS.prefix(),
                MirrorSettings.DEFAULT,
                world.streams().of("spread " + name()));
        mirror.start();
        ProcessTable processes =
                world.scenario().processesAreKnown() ? new Host(world, machine.number()) : ProcessTable.UNKNOWN;
        return new ClusterLink(
                loop,
                machine.newLoop(),
                new Threads(machine),
                processes,
                store,
                World.KEYS,
                mirror,
                world.streams().of("renewals " + name()));
    }

    /** Runs calls of the application on no thread in particular, so that they may overtake each other. */
    private record Threads(Machine machine) implements Workers {

        @Override
        public void run(Runnable call) {
            machine.run(0, call);
        }

        @Override
        public void close() {}
    }

    /** Knows which processes are dead, as a machine does on which all of them run. */
    private record Host(World world, int number) implements ProcessTable {

        @Override
        public ProcessIdentity self() {
            return new ProcessIdentity("boot", "namespace", 0, number, 0);
        }

        @Override
        public boolean isProvablyDead(ProcessIdentity process) {
            return world.isDead(process.pid());
        }
    }

    Machine machine() {
        return machine;
    }

    InMemoryClient client() {
        return client;
    }

    ClusterLink link() {
        return link;
    }

    String name() {
        return machine.name();
    }

    /** Makes the next transaction arrive late, and nothing else: a lease must not expire over it. */
    void stallNextCommit(Duration delay) {
        stall = delay;
    }

    CompletionStage<CommitResult> sendCommit(Transaction transaction) {
        if (stall.isZero()) {
            return client.commit(transaction);
        }
        slow(Direction.TO_STORE, stall);
        stall = Duration.ZERO;
        CompletionStage<CommitResult> answer = client.commit(transaction);
        fast();
        return answer;
    }

    /** Makes the network as fast as it is when all is well. */
    void fast() {
        client.faults().slowWithJitter(Direction.BOTH, latency, latency, network);
    }

    /** Makes one direction slow; messages overtake each other. */
    void slow(Direction direction, Duration delay) {
        client.faults().slowWithJitter(direction, delay.multipliedBy(2).dividedBy(3), delay.dividedBy(3), network);
    }

    /** Ends the process as {@code kill -9} does: nothing of it runs any longer and nobody is told. */
    void kill() {
        machine.kill();
        client.close();
    }

    @Override
    public String toString() {
        return name();
    }
}
