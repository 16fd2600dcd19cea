package org.bucketkeeper.examples.server;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.bucketkeeper.examples.program.ProgramException;
import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/**
 * How a dtable-server runs.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any that is free
 * @param names what goes before the configuration's names of this node
 * @param sessionTtl how long after its death the server is taken for alive; null to do as the configuration says
 * @param storage where bases are stored
 * @param times how long things may take
 */
public record ServerSettings(
        String host, int port, Names names, @Nullable Duration sessionTtl, StorageSettings storage, Times times) {

    private static final Duration SHORTEST_TTL = Duration.ofSeconds(2);

    /**
     * Checks the settings.
     *
     * @throws ProgramException if one is outside its range
     */
    public ServerSettings {
        if (port < 0 || port > 65_535) {
            throw new ProgramException("--port must be 0 to 65535, but is " + port);
        }
        if (sessionTtl != null && sessionTtl.compareTo(SHORTEST_TTL) < 0) {
            throw new ProgramException("--session-ttl must be at least 2, but is " + sessionTtl.toSeconds());
        }
    }

    /** How this node is called and reached; what is null is as configured, or made from the host's name and the port. */
    public record Names(
            @Nullable String nodeId,
            @Nullable String nodeUrl,
            @Nullable String localNodeUrl) {

        public static final Names AS_CONFIGURED = new Names(null, null, null);
    }

    /**
     * How long things may take.
     *
     * @param maxWait how long requests wait for a bucket that this server is about to own
     * @param leaveTimeout how long the server waits at its end for others to take its buckets over
     * @param grace how long the server then goes on to tell clients that it is not the owner
     * @param idle how long a base that nobody uses stays in memory
     * @param storagePatience how long the start waits for the storage
     */
    public record Times(
            Duration maxWait, Duration leaveTimeout, Duration grace, Duration idle, Duration storagePatience) {

        public static final Times DEFAULT = new Times(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofHours(24),
                Duration.ofSeconds(60));

        /** Checks that no time is negative. */
        public Times {
            requireNotNegative("--max-wait", maxWait);
            requireNotNegative("--leave-timeout", leaveTimeout);
        }

        private static void requireNotNegative(String name, Duration time) {
            if (time.isNegative() || time.compareTo(Duration.ofDays(1)) > 0) {
                throw new ProgramException(name + " must be 0 to 86400 seconds, but is " + time.toSeconds());
            }
        }
    }

    /**
     * Returns what this server tells its cluster about itself.
     *
     * @param configured what the configuration says; null if it says nothing
     * @param actualPort the port that the server listens on
     * @throws ProgramException if a name or a URL is none
     */
    NodeInfo node(@Nullable NodeInfo configured, int actualPort) {
        String hostName = hostName();
        String url = "http://" + (hostName.contains(":") ? "[" + hostName + "]" : hostName) + ":" + actualPort + "/";
        String nodeId = first(
                names.nodeId(),
                configured == null ? null : configured.nodeId(),
                "dtable-server-" + hostName.replaceAll("[^A-Za-z0-9.-]", "-") + "-" + actualPort);
        String nodeUrl = first(names.nodeUrl(), configured == null ? null : configured.nodeUrl(), url);
        String localUrl = first(names.localNodeUrl(), configured == null ? null : configured.localNodeUrl(), url);
        int capacity = configured == null ? NodeInfo.DEFAULT_CAPACITY : configured.capacity();
        try {
            return new NodeInfo(nodeId, URI.create(nodeUrl), URI.create(localUrl), capacity);
        } catch (IllegalArgumentException e) {
            throw new ProgramException("cannot register this server: " + e.getMessage(), e);
        }
    }

    private static String first(@Nullable String named, @Nullable Object configured, String otherwise) {
        return named != null ? named : configured != null ? configured.toString() : otherwise;
    }

    private String hostName() {
        if (!host.equals("0.0.0.0") && !host.equals("::")) {
            return host;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
