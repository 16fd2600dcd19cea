package org.bucketkeeper.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Gives a test a Redis primary with one replica, and three sentinels that make the replica the primary by themselves
 * when two of them have not heard from the primary for a second.
 *
 * <p>The sentinels demand no password of clients; the two servers do where the setup says so. The replica copies
 * without waiting for it: a failover can lose what was written last. Where that has to happen for certain, {@link
 * RedisReplication} is the fixture to take.
 *
 * <p>All five are processes, found as {@link RedisServer#launch(RedisSetup)} finds them. Every method returns when its
 * effect is there, and blocks until then, for 60 seconds at most for each server. One thread uses an instance at a time.
 * The processes end with {@link #close()} and at the latest with the JVM.
 */
public final class RedisSentinels implements AutoCloseable {

    /** How many sentinels there are. */
    public static final int SIZE = 3;

    private static final String MASTER_NAME = "bucketkeeper";
    private static final int QUORUM = 2;
    private static final int DOWN_AFTER_MILLIS = 1_000;
    private static final int FAILOVER_TIMEOUT_MILLIS = 5_000;
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<RedisServer> sentinels = new ArrayList<>();

    private RedisSentinels() {}

    /**
     * Starts a primary and a replica that are both set up as {@code setup} says, and the sentinels, and returns when
     * they are ready as {@link #awaitReady()} says.
     *
     * @throws ServerStartException if there is no program, or a server did not start
     * @throws IllegalArgumentException if {@code setup} asks for TLS
     */
    public static RedisSentinels launch(RedisSetup setup) {
        RedisSentinels all = new RedisSentinels();
        try {
            all.startServers(setup.ofSeveral());
            all.startSentinels(setup);
            all.awaitReady();
            return all;
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private void startServers(RedisSetup setup) {
        RedisServer primary = RedisServer.launch(setup);
        servers.add(primary);
        RedisServer replica = RedisServer.launch(setup.replicaOf(primary.endpoint()));
        servers.add(replica);
        // A sentinel that finds them apart looks again only after ten seconds.
        if (!Waiting.until(BOUND, () -> replica.command("INFO", "replication").contains("master_link_status:up"))) {
            throw new ServerStartException("The replica got no connection to its primary");
        }
    }

    private void startSentinels(RedisSetup setup) {
        List<String> primary = servers.get(0).address();
        RedisSetup sentinel = RedisSetup.bare()
                .directive("sentinel", "monitor", MASTER_NAME, primary.get(0), primary.get(1), String.valueOf(QUORUM))
                .directive("sentinel", "down-after-milliseconds", MASTER_NAME, String.valueOf(DOWN_AFTER_MILLIS))
                .directive("sentinel", "failover-timeout", MASTER_NAME, String.valueOf(FAILOVER_TIMEOUT_MILLIS));
        String password = setup.password();
        if (password != null) {
            sentinel = sentinel.directive("sentinel", "auth-pass", MASTER_NAME, password);
        }
        while (sentinels.size() < SIZE) {
            sentinels.add(RedisServer.launch(RedisMode.SENTINEL, sentinel));
        }
    }

    /** The name by which clients ask the sentinels for the primary. */
    public String masterName() {
        return MASTER_NAME;
    }

    /** Where clients reach the sentinels, each as {@code host:port}. */
    public List<String> endpoints() {
        return sentinels.stream().map(RedisServer::endpoint).toList();
    }

    /** The sentinels, in the order of {@link #endpoints()}. */
    public List<RedisServer> sentinels() {
        return List.copyOf(sentinels);
    }

    /** The two servers with the data: first the one that was launched as the primary, whatever became of it. */
    public List<RedisServer> servers() {
        return List.copyOf(servers);
    }

    /**
     * The server that every running sentinel now names as the primary.
     *
     * @throws IllegalStateException if they do not agree within 60 seconds, or none runs
     */
    public RedisServer primary() {
        return awaitPrimary(any -> true, "The sentinels agree on no primary");
    }

    /**
     * Returns the primary that follows {@code lost}: every running sentinel names it, and it takes writes.
     *
     * @throws IllegalStateException if there is none within 60 seconds
     */
    public RedisServer awaitFailover(RedisServer lost) {
        return awaitPrimary(
                next -> !next.equals(lost) && next.isHealthy() && isPrimary(next),
                "No primary took the place of " + lost.endpoint());
    }

    private RedisServer awaitPrimary(Predicate<RedisServer> suits, String failure) {
        List<RedisServer> found = new ArrayList<>();
        boolean agreed = Waiting.until(BOUND, () -> {
            List<String> named = sentinels.stream()
                    .filter(RedisServer::isHealthy)
                    .map(sentinel -> sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME))
                    .distinct()
                    .toList();
            servers.stream()
                    .filter(server -> named.equals(List.of(String.join("\n", server.address()))))
                    .filter(suits)
                    .forEach(found::add);
            return !found.isEmpty();
        });
        if (!agreed) {
            throw new IllegalStateException(failure + " after " + BOUND.toSeconds() + " s");
        }
        return found.get(0);
    }

    /**
     * Returns when the next loss of the primary will be seen to: all sentinels run and know of each other, both servers
     * run, and one of them is known to all as the replica of the other and copies from it. A server that was down
     * through a failover has become the replica by then, which takes up to 20 seconds.
     *
     * @throws IllegalStateException if that is not so within 60 seconds
     */
    public void awaitReady() {
        boolean ready = Waiting.until(
                BOUND,
                () -> Stream.concat(servers.stream(), sentinels.stream()).allMatch(RedisServer::isHealthy)
                        && servers.stream().filter(RedisSentinels::isPrimary).count() == 1
                        && sentinels.stream().allMatch(RedisSentinels::seesAll));
        if (!ready) {
            throw new IllegalStateException("The sentinels do not see each other and both servers after "
                    + BOUND.toSeconds() + " s; the first of them says:\n"
                    + sentinels.get(0).command("SENTINEL", "MASTER", MASTER_NAME) + "\n"
                    + sentinels.get(0).command("SENTINEL", "REPLICAS", MASTER_NAME));
        }
    }

    private static boolean isPrimary(RedisServer server) {
        return RedisAdmin.field(server.command("INFO", "replication"), "role").equals("master");
    }

    private static boolean seesAll(RedisServer sentinel) {
        Map<String, String> primary = pairs(sentinel.command("SENTINEL", "MASTER", MASTER_NAME));
        if (!primary.getOrDefault("flags", "").equals("master")
                || !primary.getOrDefault("num-other-sentinels", "").equals(String.valueOf(SIZE - 1))
                || !primary.getOrDefault("num-slaves", "").equals("1")) {
            return false;
        }
        Map<String, String> replica = pairs(sentinel.command("SENTINEL", "REPLICAS", MASTER_NAME));
        return replica.getOrDefault("flags", "").equals("slave")
                && replica.getOrDefault("master-link-status", "").equals("ok")
                && hasQuorum(sentinel);
    }

    /** Whether the sentinel reaches all the others; it refuses the question where it reaches too few. */
    private static boolean hasQuorum(RedisServer sentinel) {
        try {
            return sentinel.command("SENTINEL", "CKQUORUM", MASTER_NAME).startsWith("OK " + SIZE + " ");
        } catch (IllegalStateException tooFew) {
            return false;
        }
    }

    /** Reads an answer in which a line with a name is followed by one with its value. */
    private static Map<String, String> pairs(String answer) {
        Map<String, String> pairs = new HashMap<>();
        Iterator<String> lines = answer.lines().iterator();
        while (lines.hasNext()) {
            String name = lines.next();
            pairs.put(name, lines.hasNext() ? lines.next() : "");
        }
        return pairs;
    }

    /** Ends every process and removes the data. Does nothing the second time. */
    @Override
    public void close() {
        // The sentinels first: they would take the end of the servers for a loss.
        sentinels.forEach(RedisServer::close);
        servers.forEach(RedisServer::close);
    }
}
