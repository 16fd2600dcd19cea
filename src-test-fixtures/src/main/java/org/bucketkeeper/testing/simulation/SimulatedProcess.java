package org.bucketkeeper.testing.simulation;

import java.time.Duration;
import java.util.SplittableRandom;
import org.bucketkeeper.driver.ProcessIdentity;
import org.bucketkeeper.driver.ProcessTable;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.store.memory.Direction;
import org.bucketkeeper.store.memory.InMemoryClient;

/** One process of the cluster: its machine, its connection to the store, and the link that its roles share. */
final class SimulatedProcess {

    private final Machine machine;
    private final InMemoryClient client;
    private final ClusterLink link;
    private final Duration latency;
    private final SplittableRandom network;

    SimulatedProcess(World world, String name) {
        machine = world.newMachine(name);
        client = world.store().connect(name);
        network = world.streams().of("network " + name);
        latency = Duration.ofNanos(world.streams().of("latency " + name).nextLong(100_000, 2_000_000));
        fast();
        link = ClusterLink.on(
                machine.newLoop(),
                machine.newLoop(),
                world.scenario().processesAreKnown() ? new Host(world, machine.number()) : ProcessTable.UNKNOWN,
                new ObservedStore(world.checks(), this, client),
                World.KEYS,
                world.streams().of("spread " + name));
        MirrorCheck mirror = new MirrorCheck(world.checks(), this);
        link.loop().execute(() -> link.mirror().subscribe(mirror));
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
