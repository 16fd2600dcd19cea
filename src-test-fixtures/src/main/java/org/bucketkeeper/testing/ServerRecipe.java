package org.bucketkeeper.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** How one kind of server is run, and the launch that all kinds share. */
interface ServerRecipe {

    int LAUNCH_TRIES = 5;

    /**
     * A server that answers.
     *
     * @param endpoints where, each as {@code host:port}
     * @param control the hold over it
     */
    record Launched(List<String> endpoints, ServerControl control) {}

    /** How many ports a process of it listens on; the first is the one for clients. */
    int ports();

    /** Ports for a process of it that were free a moment ago. */
    default List<Integer> freePorts() {
        return FreePorts.pick(ports());
    }

    /** The server as a process, not started, that serves clients on the first of {@code ports} of 127.0.0.1. */
    ServerProcess process(Path program, List<Integer> ports);

    /** The server as a container, not started, that clients reach at {@code port} of {@code host}. */
    ServerContainer container(String image, String host, int port);

    /** Has the server from {@code source} answer. */
    default Launched launch(ServerSource source) {
        if (source instanceof ServerSource.Named named) {
            return new Launched(named.endpoints(), new NamedServer(named));
        }
        if (source instanceof ServerSource.Program program) {
            return onFreePorts(
                    this::freePorts,
                    chosen -> started(EtcdMember.HOST + ":" + chosen.get(0), process(program.path(), chosen)));
        }
        String image = ((ServerSource.Image) source).name();
        String host = ServerContainer.dockerHost();
        return onFreePorts(1, chosen -> started(host + ":" + chosen.get(0), container(image, host, chosen.get(0))));
    }

    private static Launched started(String endpoint, ServerControl control) {
        try {
            control.start();
        } catch (RuntimeException e) {
            control.close();
            throw e;
        }
        return new Launched(List.of(endpoint), control);
    }

    /** Tries {@code launch} on free ports, and on others where one of them was taken meanwhile. */
    static <T> T onFreePorts(int count, Function<List<Integer>, T> launch) {
        return onFreePorts(() -> FreePorts.pick(count), launch);
    }

    private static <T> T onFreePorts(Supplier<List<Integer>> pick, Function<List<Integer>, T> launch) {
        for (int attempt = 1; ; attempt++) {
            try {
                return launch.apply(pick.get());
            } catch (ServerStartException e) {
                if (!e.isPortTaken() || attempt == LAUNCH_TRIES) {
                    throw e;
                }
            }
        }
    }
}
