package org.bucketkeeper.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives a test a Redis primary and its replicas on this machine, each of which can be stopped, killed, frozen and
 * started again on its own. Nobody watches them: a replica becomes a primary only by {@link #promote}.
 *
 * <p>To lose writes that the primary has acknowledged: {@link #awaitInSync()}, {@link #disconnect} the replica, write,
 * {@link #primary()}{@code .kill()}, {@link #promote} the replica.
 *
 * <p>The servers are processes, found as {@link RedisServer#launch(RedisSetup)} finds them. Every method returns when
 * its effect is there, and blocks until then, for 60 seconds at most for each server. One thread uses an instance at a
 * time. The servers end with {@link #close()} and at the latest with the JVM.
 */
public final class RedisReplication implements AutoCloseable {

    private static final Duration SYNC_BOUND = Duration.ofSeconds(60);

    private final RedisServer primary;
    private final List<Link> links = new ArrayList<>();

    /** A replica and the only way from it to its primary. */
    private record Link(RedisServer replica, TcpRelay relay) implements AutoCloseable {

        @Override
        public void close() {
            replica.close();
            relay.close();
        }
    }

    private RedisReplication(RedisServer primary) {
        this.primary = primary;
    }

    /**
     * Starts a primary and replicas that are all set up as {@code setup} says, and returns when they are in sync.
     *
     * @param replicas how many, at least 1
     * @throws ServerStartException if there is no program, or a server did not start
     * @throws IllegalArgumentException if {@code setup} asks for TLS, or there is to be no replica
     */
    public static RedisReplication launch(RedisSetup setup, int replicas) {
        if (replicas < 1) {
            throw new IllegalArgumentException("replicas must be at least 1, and is " + replicas);
        }
        RedisSetup each = setup.ofSeveral();
        RedisReplication replication = new RedisReplication(RedisServer.launch(each));
        try {
            while (replication.links.size() < replicas) {
                replication.addReplica(each);
            }
            replication.awaitInSync();
            return replication;
        } catch (RuntimeException e) {
            replication.close();
            throw e;
        }
    }

    private void addReplica(RedisSetup setup) {
        TcpRelay relay = TcpRelay.to(primary.endpoint());
        try {
            links.add(new Link(RedisServer.launch(setup.replicaOf(relay.endpoint())), relay));
        } catch (RuntimeException e) {
            relay.close();
            throw e;
        }
    }

    /** The server that was launched as the primary, whatever became of it. */
    public RedisServer primary() {
        return primary;
    }

    /** The servers that were launched as replicas, whatever became of them; never empty. */
    public List<RedisServer> replicas() {
        return links.stream().map(Link::replica).toList();
    }

    /**
     * Returns when every replica has all that the primary had at the time of the call.
     *
     * @throws IllegalStateException if one does not within 60 seconds: because it is down, disconnected or promoted, or
     *     because the primary is down
     */
    public void awaitInSync() {
        String wanted = primary.command("INFO", "replication");
        long offset = Long.parseLong(RedisAdmin.field(wanted, "master_repl_offset"));
        for (RedisServer replica : replicas()) {
            if (!Waiting.until(SYNC_BOUND, () -> replica.isHealthy() && hasReached(replica, offset))) {
                throw new IllegalStateException("The replica " + replica.endpoint() + " has not caught up after "
                        + SYNC_BOUND.toSeconds() + " s with its primary, which was at:\n" + wanted);
            }
        }
    }

    /** A primary gets a new replication id when its first replica comes: it is the one of now that has to agree. */
    private boolean hasReached(RedisServer replica, long offset) {
        String own = replica.command("INFO", "replication");
        return RedisAdmin.field(own, "master_link_status").equals("up")
                && RedisAdmin.field(own, "master_replid")
                        .equals(RedisAdmin.field(primary.command("INFO", "replication"), "master_replid"))
                && Long.parseLong(RedisAdmin.field(own, "slave_repl_offset")) >= offset;
    }

    /**
     * Cuts a replica, which has to be running, off its primary until {@link #reconnect}: it gets nothing of what is
     * written from now on, and both of them know that they are apart. It goes on answering reads with what it has.
     *
     * @param replica one of {@link #replicas()}
     */
    public void disconnect(RedisServer replica) {
        linkOf(replica).relay().cut();
        boolean noticed = Waiting.until(
                SYNC_BOUND,
                () -> RedisAdmin.field(replica.command("INFO", "replication"), "master_link_status")
                        .equals("down"));
        if (!noticed) {
            throw new IllegalStateException(
                    "The replica " + replica.endpoint() + " does not take note of having lost its primary");
        }
    }

    /**
     * Lets a replica reach its primary again; {@link #awaitInSync()} waits until it has caught up.
     *
     * @param replica one of {@link #replicas()}
     */
    public void reconnect(RedisServer replica) {
        linkOf(replica).relay().heal();
    }

    /**
     * Makes a replica a primary of its own (REPLICAOF NO ONE), with what it has, for good: it is one after a restart as
     * well. The primary and the other replicas stay what they are.
     *
     * @param replica one of {@link #replicas()}
     */
    public void promote(RedisServer replica) {
        RedisServer promoted = linkOf(replica).replica();
        promoted.command("REPLICAOF", "NO", "ONE");
        promoted.command("CONFIG", "REWRITE");
    }

    private Link linkOf(RedisServer replica) {
        return links.stream()
                .filter(link -> link.replica().equals(replica))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(replica.endpoint() + " is none of these replicas"));
    }

    /** Ends every server and removes the data. Does nothing the second time. */
    @Override
    public void close() {
        links.forEach(Link::close);
        primary.close();
    }
}
