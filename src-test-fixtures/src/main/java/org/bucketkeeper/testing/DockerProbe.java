package org.bucketkeeper.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tells whether something listens where a Docker daemon would, quickly and silently.
 *
 * <p>Testcontainers is asked only after that: where there is no daemon it takes seconds to say so, in stack traces.
 */
final class DockerProbe {

    private static final int CONNECT_BOUND_MILLIS = 1_000;

    private final Map<String, String> variables;

    DockerProbe(Map<String, String> variables) {
        this.variables = variables;
    }

    /** Whether a connection to the daemon's address is taken; false for an address that cannot be read. */
    boolean answers() {
        return addresses().stream().anyMatch(DockerProbe::takesConnections);
    }

    private List<String> addresses() {
        String named = variables.get("DOCKER_HOST");
        if (named != null && !named.isBlank()) {
            return List.of(named.strip());
        }
        List<String> usual = new ArrayList<>(List.of("unix:///var/run/docker.sock"));
        String home = variables.get("HOME");
        if (home != null) {
            usual.add("unix://" + home + "/.docker/run/docker.sock");
        }
        String runtime = variables.get("XDG_RUNTIME_DIR");
        if (runtime != null) {
            usual.add("unix://" + runtime + "/docker.sock");
        }
        return usual;
    }

    private static boolean takesConnections(String address) {
        try {
            URI uri = URI.create(address);
            if ("unix".equals(uri.getScheme())) {
                return connects(UnixDomainSocketAddress.of(uri.getPath()));
            }
            return connects(new InetSocketAddress(uri.getHost(), uri.getPort()));
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private static boolean connects(UnixDomainSocketAddress address) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(address);
        } catch (IOException nobodyThere) {
            return false;
        }
    }

    private static boolean connects(SocketAddress address) {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.socket().connect(address, CONNECT_BOUND_MILLIS);
            return true;
        } catch (IOException nobodyThere) {
            return false;
        }
    }
}
