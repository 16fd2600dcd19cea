package org.bucketkeeper.testing;

import java.util.List;

/**
 * A real store's server that a test can stop, kill, freeze and start again.
 *
 * <p>Every method returns when its effect is there, and blocks until then, for 60 seconds at most. One thread uses an
 * instance at a time. A server that the fixture started ends with {@link #close()} and at the latest with the JVM,
 * even one that is killed. A server that the caller runs cannot be stopped, killed, frozen or started.
 *
 * <p>The server keeps its ports through every restart. A process listens on 127.0.0.1 alone; a container's port is
 * published as Docker does it, on every address of the host. To run a server as a process needs a POSIX system.
 */
public abstract sealed class RealServer implements AutoCloseable
        permits EtcdServer, MariadbServer, PostgresqlServer, RedisServer {

    private final List<String> endpoints;
    private final ServerControl control;

    RealServer(ServerRecipe.Launched launched) {
        endpoints = List.copyOf(launched.endpoints());
        control = launched.control();
    }

    /** Where clients connect: each as {@code host:port}, the same through every restart; never empty. */
    public final List<String> endpoints() {
        return endpoints;
    }

    /**
     * Starts the server again after {@link #stop()} or {@link #kill()}, with the data and on the ports it had.
     *
     * @throws ServerStartException if it does not answer in time
     * @throws IllegalStateException if it is running
     * @throws UnsupportedOperationException if the server is one that the caller runs
     */
    public final void start() {
        control.start();
    }

    /**
     * Stops the server in an orderly way (SIGTERM).
     *
     * @throws IllegalStateException if it is not running, or does not end in time
     * @throws UnsupportedOperationException if the server is one that the caller runs
     */
    public final void stop() {
        control.stop();
    }

    /**
     * Ends the server as a crash would (SIGKILL).
     *
     * @throws IllegalStateException if it is not running
     * @throws UnsupportedOperationException if the server is one that the caller runs
     */
    public final void kill() {
        control.kill();
    }

    /**
     * Freezes the server (SIGSTOP): connections stay open, nothing is answered, its clock goes on.
     *
     * @throws IllegalStateException if it is not running
     * @throws UnsupportedOperationException if the server is one that the caller runs
     */
    public final void pause() {
        control.pause();
    }

    /**
     * Lets a frozen server go on (SIGCONT).
     *
     * @throws IllegalStateException if it is not running
     * @throws UnsupportedOperationException if the server is one that the caller runs
     */
    public final void resume() {
        control.resume();
    }

    /** Ends the server and removes its data; leaves one that the caller runs alone. Does nothing the second time. */
    @Override
    public final void close() {
        control.close();
    }
}
