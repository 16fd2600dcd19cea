package org.bucketkeeper.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Gives a test one real etcd, and lets the test stop, kill, freeze and restart it.
 *
 * <p>The server is the first of these that is there (each system property can also be given as an environment
 * variable, in capitals and with underscores):
 *
 * <ol>
 *   <li>the running one that {@code bucketkeeper.test.etcd.endpoints} names ({@code host:port}, comma-separated);
 *   <li>the program that {@code bucketkeeper.test.etcd.program} names;
 *   <li>a container of the image {@code bucketkeeper.test.etcd.image}, where a Docker daemon answers;
 *   <li>the program {@code etcd} on the PATH.
 * </ol>
 *
 * <p>A server that the caller runs keeps what tests write into it, so tests should use a prefix of their own; and it
 * cannot be stopped, killed, frozen or started: {@link Builder#controllable()} passes it over.
 *
 * <p>Every method returns when its effect is there, and blocks until then, for 60 seconds at most. One thread uses an
 * instance at a time. A server that this class started ends with {@link #close()} and at the latest with the JVM.
 * Running it as a program needs a POSIX system.
 */
public final class EtcdServer implements AutoCloseable {

    private static final int LAUNCH_TRIES = 5;

    private final List<String> endpoints;
    private final ServerControl control;
    private final Function<String, EtcdHttp> connector;

    private EtcdServer(List<String> endpoints, ServerControl control, Function<String, EtcdHttp> connector) {
        this.endpoints = List.copyOf(endpoints);
        this.control = control;
        this.connector = connector;
    }

    /**
     * Starts a plain etcd, without encryption and users.
     *
     * @throws ServerStartException if there is none to be had, or it did not start
     */
    public static EtcdServer launch() {
        return builder().launch();
    }

    /** Describes the etcd that a test needs where a plain one will not do. */
    public static Builder builder() {
        return new Builder(ServerEnvironment.ofThisJvm());
    }

    static Builder builder(ServerEnvironment environment) {
        return new Builder(environment);
    }

    /** Where clients connect: each as {@code host:port}, the same through every restart; never empty. */
    public List<String> endpoints() {
        return endpoints;
    }

    /** A way to the server's content that does not lead through the adapter under test. */
    public EtcdHttp http() {
        return connector.apply(endpoints.get(0));
    }

    /**
     * Starts the server again after {@link #stop()} or {@link #kill()}, with the data and on the ports it had.
     *
     * @throws ServerStartException if it does not answer in time
     * @throws IllegalStateException if it is running
     * @throws UnsupportedOperationException if the server is one that the caller runs
     */
    public void start() {
        control.start();
    }

    /**
     * Stops the server in an orderly way (SIGTERM).
     *
     * @throws IllegalStateException if it is not running, or does not end in time
     * @throws UnsupportedOperationException if the server is one that the caller runs
     */
    public void stop() {
        control.stop();
    }

    /**
     * Ends the server as a crash would (SIGKILL).
     *
     * @throws IllegalStateException if it is not running
     * @throws UnsupportedOperationException if the server is one that the caller runs
     */
    public void kill() {
        control.kill();
    }

    /**
     * Freezes the server (SIGSTOP): connections stay open, nothing is answered, its clock goes on.
     *
     * @throws IllegalStateException if it is not running
     * @throws UnsupportedOperationException if the server is one that the caller runs
     */
    public void pause() {
        control.pause();
    }

    /**
     * Lets a frozen server go on (SIGCONT).
     *
     * @throws IllegalStateException if it is not running
     * @throws UnsupportedOperationException if the server is one that the caller runs
     */
    public void resume() {
        control.resume();
    }

    /** Ends the server and removes its data; leaves one that the caller runs alone. Does nothing the second time. */
    @Override
    public void close() {
        control.close();
    }

    /** Says what kind of etcd a test needs. */
    public static final class Builder {

        private final ServerEnvironment environment;
        private boolean controllable;

        private Builder(ServerEnvironment environment) {
            this.environment = environment;
        }

        /** Passes over a server that the caller runs, because the test is going to stop it. */
        public Builder controllable() {
            controllable = true;
            return this;
        }

        /**
         * Starts the server.
         *
         * @throws ServerStartException if there is none to be had, or it did not start
         */
        public EtcdServer launch() {
            ServerSource.Kind etcd = ServerSource.Kind.ETCD;
            ServerSource source = controllable ? etcd.chooseOwn(environment) : etcd.choose(environment);
            if (source instanceof ServerSource.Named named) {
                return new EtcdServer(named.endpoints(), new NamedServer(named), EtcdHttp::plain);
            }
            if (source instanceof ServerSource.Program program) {
                return launch(program.path());
            }
            throw new UnsupportedOperationException("docker");
        }

        private EtcdServer launch(Path program) {
            for (int attempt = 1; ; attempt++) {
                EtcdMember member = EtcdMember.named("etcd", FreePorts.pick(2)).get(0);
                ServerProcess process = member.process(program, List.of(member), EtcdSecurity.NONE);
                try {
                    process.start();
                    return new EtcdServer(List.of(member.endpoint()), process, EtcdHttp::plain);
                } catch (ServerStartException e) {
                    boolean tryOthers = process.lostItsPort() && attempt < LAUNCH_TRIES;
                    process.close();
                    if (!tryOthers) {
                        throw e;
                    }
                }
            }
        }
    }
}
