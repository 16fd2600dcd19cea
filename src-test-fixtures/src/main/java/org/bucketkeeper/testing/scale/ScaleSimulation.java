package org.bucketkeeper.testing.scale;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.driver.VirtualTime;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.cluster.Keyspace;
import org.bucketkeeper.internal.mirror.Mirror;
import org.bucketkeeper.internal.mirror.MirrorSettings;
import org.bucketkeeper.internal.session.Held;
import org.bucketkeeper.internal.session.HeldKeys;
import org.bucketkeeper.internal.session.LossReason;
import org.bucketkeeper.internal.session.Session;
import org.bucketkeeper.internal.session.SessionListener;
import org.bucketkeeper.internal.session.SessionSettings;
import org.bucketkeeper.membership.CompatibleKeys;
import org.bucketkeeper.membership.NodeInfo;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.monitor.ClusterMonitor;
import org.bucketkeeper.monitor.ClusterOperator;
import org.bucketkeeper.ownership.BucketOwnership;
import org.bucketkeeper.ownership.OwnershipListener;
import org.bucketkeeper.ownership.OwnershipSettings;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.store.CoordinationStore;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.memory.Direction;
import org.bucketkeeper.store.memory.InMemoryClient;
import org.bucketkeeper.store.memory.InMemoryStore;

/**
 * Runs the production classes of a large cluster in virtual time on one in-memory store, and counts what they ask of it.
 *
 * <p>Sixty-four servers and one router of a hundred are whole. So that the others fit into one JVM, they are what the
 * store notices of them: a copy of the cluster's keys that they do not parse, and if they are servers a session with
 * their registration, the capacity of which is too small for a bucket.
 *
 * <p>Not simulated: what a store does when it is asked too much. It answers everything within milliseconds; the figures
 * say what it would have to be able to do.
 */
public final class ScaleSimulation {

    private static final Keyspace KEYS = new Keyspace(Keyspace.DEFAULT_PREFIX);
    private static final int WHOLE_SERVERS = 64;
    private static final int WHOLE_ROUTER = 100;
    private static final SessionSettings SESSION = NodeRegistry.sessionSettings(NodeRegistry.DEFAULT_SESSION_TTL, null);
    private static final Duration LATENCY = Duration.ofMillis(1);
    private static final Duration CONNECTING = Duration.ofMinutes(1);
    private static final Duration QUIET = Duration.ofMinutes(10);
    private static final Duration AFTERMATH = Duration.ofSeconds(30);
    private static final Duration OUTAGE = Duration.ofSeconds(30);

    private final int servers;
    private final int routers;
    private final SplittableRandom random;
    private final VirtualTime time = new VirtualTime();
    private final EventLoop switches = time.newLoop();
    private final InMemoryStore store = InMemoryStore.on(time.newLoop());
    private final Traffic traffic = new Traffic(time);
    private final List<BucketRouter> wholeRouters = new ArrayList<>();
    private final Registrations registrations = new Registrations();
    private final List<Server> running = new ArrayList<>();
    private final List<ScalePhase> phases = new ArrayList<>();

    private ScaleSimulation(int servers, int routers, long seed) {
        this.servers = servers;
        this.routers = routers;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Runs a cluster through a cold start, quiet times, a move, a restart of a server, a change of the store's leader and
     * an outage of the store.
     *
     * @param progress is told what was done, after each phase
     * @throws IllegalStateException if the cluster does not do what it should
     */
    public static ScaleReport run(int servers, int routers, long seed, Consumer<ScalePhase> progress) {
        return new ScaleSimulation(servers, routers, seed).run(progress);
    }

    private ScaleReport run(Consumer<ScalePhase> progress) {
        ClusterLink monitor = link("monitor");
        ClusterMonitor.builder(monitor.store()).monitorId("monitor").startSharing(monitor);
        for (int i = 0; i < servers; i++) {
            if (i < WHOLE_SERVERS) {
                running.add(new Server(nodeId(i)));
            } else {
                startLightServer(nodeId(i));
            }
        }
        end("cold start, all servers at once", AFTERMATH, progress);

        for (int i = 0; i < routers; i++) {
            int number = i;
            switches.schedule(Duration.ofNanos(random.nextLong(CONNECTING.toNanos())), () -> startRouter(number));
        }
        end("routers connect within a minute", CONNECTING.plus(AFTERMATH), progress);
        end("quiet", QUIET, progress);

        ClusterOperator operator = ClusterOperator.sharing(link("operator"));
        time.advance(AFTERMATH);
        traffic.next("");
        Assignment before = assignment(monitor);
        Bucket bucket = Bucket.of(0);
        String other = running.get(running.size() - 1).nodeId;
        CompletionStage<?> pinned = operator.changePolicy(policy -> policy.pin(bucket, other));
        end("one bucket is moved", Duration.ofSeconds(2), progress);
        require(pinned.toCompletableFuture().isDone() && !assignment(monitor).equals(before), "the bucket moves");

        Server first = running.get(1);
        first.leave();
        time.advance(Duration.ofSeconds(1));
        running.set(1, new Server(first.nodeId));
        end("one server is restarted", Duration.ofSeconds(2), progress);

        store.changeLeader();
        end("the store's leader changes", AFTERMATH, progress);
        store.stop();
        end("the store is away", OUTAGE, progress);
        store.start();
        end("the store is back", AFTERMATH, progress);
        end("quiet again", QUIET, progress);

        requireThatAllAgree(assignment(monitor));
        return report(monitor);
    }

    private void end(String name, Duration duration, Consumer<ScalePhase> progress) {
        time.advance(duration);
        ScalePhase phase = traffic.next(name);
        phases.add(phase);
        progress.accept(phase);
    }

    private ScaleReport report(ClusterLink monitor) {
        List<Entry> entries =
                new ArrayList<>(monitor.mirror().under(KEYS.prefix()).values());
        return new ScaleReport(
                servers,
                routers,
                entries.size(),
                entries.stream().mapToLong(Traffic::size).sum(),
                largest(entries, KEYS.assignment()),
                largest(entries, KEYS.nodes()),
                largest(entries, KEYS.claims()),
                phases);
    }

    private static long largest(List<Entry> entries, String prefix) {
        return entries.stream()
                .filter(entry -> entry.key().startsWith(prefix))
                .mapToLong(Traffic::size)
                .max()
                .orElse(0);
    }

    private static Assignment assignment(ClusterLink link) {
        Entry entry = link.mirror().get(KEYS.assignment());
        require(entry != null, "there is an assignment");
        return entry == null ? Assignment.unassigned() : Assignment.fromJson(entry.value(), entry.modRevision());
    }

    /** What the figures are worth depends on that. */
    private void requireThatAllAgree(Assignment assignment) {
        int owned = 0;
        for (Server server : running) {
            owned += server.ownership.status().owned().size();
            require(server.router.assignment().equals(assignment), server.nodeId + " knows the assignment");
        }
        require(owned == Bucket.COUNT, "all buckets are owned, but only " + owned + " are");
        require(registrations.acquired == servers - running.size(), "all servers are registered");
        require(registrations.lost == 0, "no registration is lost");
        for (BucketRouter router : wholeRouters) {
            require(router.assignment().equals(assignment), "a router knows the assignment");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("not so: " + what);
        }
    }

    private static String nodeId(int number) {
        return String.format(Locale.ROOT, "dtable-server-%04d", number);
    }

    private void startRouter(int number) {
        if (number % WHOLE_ROUTER == 0) {
            wholeRouters.add(BucketRouter.sharing(link("router-" + number)));
        } else {
            new Mirror(
                            time.newLoop(),
                            connect("router-" + number),
                            KEYS.prefix(),
                            MirrorSettings.DEFAULT,
                            random.split())
                    .start();
        }
    }

    private void startLightServer(String nodeId) {
        HeldKeys registration = HeldKeys.single(
                KEYS.node(nodeId),
                lease -> "{\"node_id\":\"" + nodeId + "\",\"node_url\":\"" + nodeUrl(nodeId)
                        + "\",\"local_node_url\":\"" + localNodeUrl(nodeId) + "\",\"incarnation\":\""
                        + Long.toHexString(lease) + "\",\"capacity\":1}");
        new Session(link(nodeId), SESSION, registration, registrations).start();
    }

    private static String nodeUrl(String nodeId) {
        return "https://" + nodeId + ".example.com/";
    }

    private static String localNodeUrl(String nodeId) {
        return "http://" + nodeId + ".internal:5000/";
    }

    private ClusterLink link(String name) {
        return ClusterLink.on(time.newLoop(), time.newLoop(), connect(name), KEYS, random.split());
    }

    private CoordinationStore connect(String name) {
        InMemoryClient client = store.connect(name);
        client.faults().slowWithJitter(Direction.BOTH, LATENCY, LATENCY, random.split());
        return new MeteredStore(client, traffic);
    }

    /** What becomes of the registrations of the servers that are not whole. */
    private static final class Registrations implements SessionListener {

        private int acquired;
        private int lost;

        @Override
        public void acquired(Held held) {
            acquired++;
        }

        @Override
        public void lost(Held held, LossReason reason) {
            lost++;
        }
    }

    /** The roles of a server, wired as {@link org.bucketkeeper.ClusterServer} wires them. */
    private final class Server {

        private final String nodeId;
        private final ClusterLink link;
        private final BucketRouter router;
        private final BucketOwnership ownership;
        private final NodeRegistry registry;

        Server(String nodeId) {
            this.nodeId = nodeId;
            link = link(nodeId);
            router = BucketRouter.sharing(link);
            ownership =
                    BucketOwnership.sharing(link, router, nodeId, OwnershipSettings.DEFAULT, OwnershipListener.NONE);
            registry = NodeRegistry.sharing(link, SESSION, CompatibleKeys.NOT_WRITTEN, ownership.session());
            registry.register(NodeInfo.of(nodeId, nodeUrl(nodeId), localNodeUrl(nodeId)));
        }

        void leave() {
            ownership.leave().thenCompose(notUnloaded -> registry.leave()).whenComplete((done, failure) -> {
                ownership.stop();
                link.close();
            });
        }
    }
}
