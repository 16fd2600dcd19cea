package org.bucketkeeper.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/**
 * Finds TCP ports that a server can be given, and be given again after a restart.
 *
 * <p>The ports lie below the range that the usual systems take outgoing connections' ports from, because such a port
 * could be taken while the server is down. Another process can still take a port between the look and the use: the
 * caller starts again with others if that happens.
 */
final class FreePorts {

    private static final int FIRST = 15_000;
    private static final int BEYOND_LAST = 32_000;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    static List<Integer> pick(int count) {
        return pick(count, BEYOND_LAST, FreePorts::isFree);
    }

    /** A free port for which the one that much higher is free as well and lies in the same range. */
    static int pickWithAnother(int distance) {
        return pick(1, BEYOND_LAST - distance, port -> isFree(port) && isFree(port + distance))
                .get(0);
    }

    private static List<Integer> pick(int count, int beyondLast, IntPredicate suits) {
        Set<Integer> ports = new LinkedHashSet<>();
        for (int attempt = 0; attempt < TRIES && ports.size() < count; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, beyondLast);
            if (suits.test(port)) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new ServerStartException("Found no " + count + " free ports from " + FIRST + " to " + (beyondLast - 1)
                    + " in " + TRIES + " tries");
        }
        return List.copyOf(ports);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
