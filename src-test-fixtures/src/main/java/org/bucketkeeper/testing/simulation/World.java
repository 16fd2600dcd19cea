package org.bucketkeeper.testing.simulation;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.store.memory.InMemoryClient;
import org.bucketkeeper.store.memory.InMemoryStore;
import org.jspecify.annotations.Nullable;

/** Everything that there is in a run. */
final class World {

    static final Keyspace KEYS = new Keyspace(Keyspace.DEFAULT_PREFIX);

    private static final long SECOND = 1_000_000_000L;

    private final SimulationSettings settings;
    private final Streams streams;
    private final Scenario scenario;
    private final Scheduler scheduler;
    private final Violations violations;
    private final InMemoryStore store;
    private final InMemoryClient administrator;
    private final TenureBoard board;
    private final Checks checks;
    private final RecordedStorage storage;
    private final Moods moods = new Moods();
    private final List<@Nullable ServerProcess> servers = new ArrayList<>();
    private final List<@Nullable MonitorProcess> monitors = new ArrayList<>();
    private final Map<URI, ServerProcess> byUrl = new HashMap<>();
    private final int[] lives;
    private final ClientProcess clients;
    private final List<Machine> machines = new ArrayList<>();
    private final Operators operators;

    World(long seed, SimulationSettings settings, History history) {
        this.settings = settings;
        streams = new Streams(seed);
        scenario = Scenario.of(streams, settings);
        scheduler = new Scheduler(history);
        violations = new Violations(scheduler);
        board = new TenureBoard(scenario, violations, new LostClaims(scenario, scheduler));
        storage = new RecordedStorage(violations);
        lives = new int[scenario.servers() + scenario.monitors()];
        store = InMemoryStore.on(newMachine("store").newLoop());
        administrator = store.connect("administrator");
        checks = new Checks(settings.guarantee(), store, board, scheduler, violations);
        clients = new ClientProcess(this);
        operators = new Operators(this);
        for (int i = 0; i < scenario.servers(); i++) {
            servers.add(null);
            int slot = i;
            scheduler.at(streams.of("start", i).nextLong(3 * SECOND), 0, () -> startServer(slot));
        }
        for (int i = 0; i < scenario.monitors(); i++) {
            monitors.add(null);
            int slot = i;
            scheduler.at(streams.of("start", 100 + i).nextLong(2 * SECOND), 0, () -> startMonitor(slot));
        }
        clients.start();
    }

    SimulationSettings settings() {
        return settings;
    }

    Streams streams() {
        return streams;
    }

    Scenario scenario() {
        return scenario;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Violations violations() {
        return violations;
    }

    InMemoryStore store() {
        return store;
    }

    /** Returns the client through which operators write to the store by hand. */
    InMemoryClient administrator() {
        return administrator;
    }

    TenureBoard board() {
        return board;
    }

    Checks checks() {
        return checks;
    }

    RecordedStorage storage() {
        return storage;
    }

    Moods moods() {
        return moods;
    }

    Operators operators() {
        return operators;
    }

    /** Tells whether the process with a number has ended. */
    boolean isDead(long number) {
        return machines.get((int) number).isDead();
    }

    ClientProcess clients() {
        return clients;
    }

    Machine newMachine(String name) {
        Machine machine = new Machine(name, machines.size(), scheduler, violations, streams);
        machines.add(machine);
        return machine;
    }

    static String nodeId(int slot) {
        return "server-" + (char) ('a' + slot);
    }

    /** Returns the server that runs in a slot; null if none does. */
    @Nullable ServerProcess server(int slot) {
        ServerProcess server = servers.get(slot);
        return server == null || server.isDead() ? null : server;
    }

    /** Returns the monitor that runs in a slot; null if none does. */
    @Nullable MonitorProcess monitor(int slot) {
        MonitorProcess monitor = monitors.get(slot);
        return monitor == null || monitor.process().machine().isDead() ? null : monitor;
    }

    /** Returns the process with a number: first the servers, then the monitors, then the clients; null if it is dead. */
    @Nullable SimulatedProcess process(int number) {
        if (number < scenario.servers()) {
            ServerProcess server = server(number);
            return server == null ? null : server.process();
        }
        if (number < scenario.servers() + scenario.monitors()) {
            MonitorProcess monitor = monitor(number - scenario.servers());
            return monitor == null ? null : monitor.process();
        }
        return clients.process();
    }

    @Nullable ServerProcess serverAt(URI url) {
        return byUrl.get(url);
    }

    /** Starts the server of a slot unless it runs. */
    void startServer(int slot) {
        if (server(slot) == null) {
            servers.set(slot, newServer(slot));
        }
    }

    /** Starts a server beside, or in place of, the one of a slot. */
    ServerProcess newServer(int slot) {
        String name = nodeId(slot) + "." + ++lives[slot];
        scheduler.note(name, "starts");
        ServerProcess[] self = new ServerProcess[1];
        ServerProcess server = new ServerProcess(this, nodeId(slot), name, () -> {
            self[0].process().kill();
            // As a supervisor does with a process that failed.
            scheduler.after(3 * SECOND, 0, () -> {
                if (servers.get(slot) == self[0]) {
                    startServer(slot);
                }
            });
        });
        self[0] = server;
        byUrl.put(server.info().localNodeUrl(), server);
        return server;
    }

    /** Starts the monitor of a slot unless it runs. */
    void startMonitor(int slot) {
        if (monitor(slot) == null) {
            String name = "monitor-" + (char) ('a' + slot) + "." + ++lives[scenario.servers() + slot];
            scheduler.note(name, "starts");
            monitors.set(slot, new MonitorProcess(this, name));
        }
    }
}
