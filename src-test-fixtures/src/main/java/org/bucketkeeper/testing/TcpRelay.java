package org.bucketkeeper.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Stands between a client and one server, and breaks their connections in the ways a network does, on command.
 *
 * <p>Point the client at {@link #endpoint()}. To lose exactly the answer to a request: {@link #blackhole(Direction)
 * blackhole}{@code (TO_CLIENT)}, send the request, see by another way that the server has done it, {@link #cut()},
 * {@link #heal()}. Where there is no other way to see it, {@link #cutAfter(Direction, long) cutAfter}{@code (TO_CLIENT,
 * 0)} cuts as soon as the server answers anything, without passing that on.
 *
 * <p>Safe for use by several threads; no method but {@link #close()} blocks. Each holds for what arrives at the relay after it returned:
 * bytes that the relay was writing at that moment may still pass. What is not modelled: lost and re-ordered packets
 * (TCP hides them), and a connection attempt that is never answered, since the relay's own port always is: in a black
 * hole the attempt succeeds and then nothing comes.
 */
public final class TcpRelay implements AutoCloseable {

    /** Which way bytes go. */
    public enum Direction {
        /** From the client to the server: requests. */
        TO_SERVER,
        /** From the server to the client: answers. */
        TO_CLIENT
    }

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Map<Direction, RelayLane> lanes = new EnumMap<>(Direction.class);
    private final Set<RelayConnection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;

    private volatile boolean cut;

    private TcpRelay(InetSocketAddress target) {
        this.target = target;
        for (Direction direction : Direction.values()) {
            lanes.put(direction, new RelayLane());
        }
        try {
            listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor = RelayThreads.start("accept-" + listener.getLocalPort(), this::acceptAll);
    }

    /**
     * Starts a relay that forwards to {@code endpoint}, on a port of its own.
     *
     * @param endpoint the server as {@code host:port}; need not be up yet
     * @throws IllegalArgumentException if {@code endpoint} is not of that form
     */
    public static TcpRelay to(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        if (colon < 1 || !endpoint.substring(colon + 1).matches("\\d{1,5}")) {
            throw new IllegalArgumentException("endpoint must be host:port, and is \"" + endpoint + "\"");
        }
        return new TcpRelay(
                new InetSocketAddress(endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1))));
    }

    /** Where the client connects, as {@code host:port}; the same for the relay's whole life. */
    public String endpoint() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** How many connections clients have open through the relay now. */
    public int connections() {
        return connections.size();
    }

    /** Whether the relay is cut: by {@link #cut()}, or because what a cut was set to wait for has happened. */
    public boolean isCut() {
        return cut;
    }

    /** How many bytes have been passed on in {@code direction} since the relay started. */
    public long passed(Direction direction) {
        return lane(direction).passed();
    }

    /** Resets every connection, drops what they held, and resets each new one until {@link #heal()}. */
    public void cut() {
        cut = true;
        reset();
    }

    /** Resets every connection and drops what they held; new ones are welcome. */
    public void reset() {
        for (RelayConnection connection : connections) {
            connection.reset();
        }
    }

    /** Passes nothing on either way until {@link #heal()}, and keeps the connections open. */
    public void blackhole() {
        for (Direction direction : Direction.values()) {
            blackhole(direction);
        }
    }

    /**
     * Passes nothing on in {@code direction} until {@link #heal()}, and keeps the connections open. What arrives
     * meanwhile is held, as TCP would send it again, and delivered after the heal unless the connection is cut.
     */
    public void blackhole(Direction direction) {
        lane(direction).hold();
    }

    /**
     * Delivers everything in {@code direction} that much later, without limiting how much can be under way.
     *
     * @param delay zero ends the delay
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    public void delay(Direction direction, Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must not be negative, and is " + delay);
        }
        lane(direction).delay(delay);
    }

    /**
     * Cuts, as {@link #cut()} does, before the byte that follows the next {@code bytes} in {@code direction}, counted
     * over all connections. With 0 the very next byte is lost.
     *
     * @throws IllegalArgumentException if {@code bytes} is negative
     */
    public void cutAfter(Direction direction, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must not be negative, and is " + bytes);
        }
        lane(direction).allow(bytes);
    }

    /**
     * Cuts, as {@link #cut()} does, instead of passing on the first piece in {@code direction} that {@code condition}
     * holds for. Pieces are what one read gave: where one ends says nothing about the protocol's messages.
     *
     * @param condition called by the relay's threads; must not block
     */
    public void cutWhen(Direction direction, Predicate<byte[]> condition) {
        lane(direction).refuse(condition);
    }

    /** Ends every fault: passes on what was held, delays nothing, cuts nothing and welcomes new connections. */
    public void heal() {
        cut = false;
        lanes.values().forEach(RelayLane::heal);
    }

    /** Resets every connection and returns when the port is given up. Does nothing the second time. */
    @Override
    public void close() {
        cut();
        closeQuietly(listener);
        try {
            // The port takes connections for as long as the other thread is in its accept.
            acceptor.join();
        } catch (InterruptedException e) {
            throw Waiting.interrupted(e);
        }
    }

    private RelayLane lane(Direction direction) {
        return Objects.requireNonNull(lanes.get(direction));
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                welcome(listener.accept());
            } catch (IOException closedOrNoLongerThere) {
                // The loop's condition tells one from the other.
            }
        }
    }

    private void welcome(Socket client) {
        RelayConnection connection = new RelayConnection(
                client, target, lane(Direction.TO_SERVER), lane(Direction.TO_CLIENT), this::cut, connections::remove);
        connections.add(connection);
        // Looked at only now: a cut before the line above would have missed this connection.
        if (cut) {
            connection.reset();
        } else {
            connection.start();
        }
    }

    static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception alreadyBroken) {
            // What is being closed is of no more use to anybody.
        }
    }
}
