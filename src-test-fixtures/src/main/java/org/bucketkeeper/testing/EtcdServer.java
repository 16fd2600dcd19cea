package org.bucketkeeper.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a test one real etcd.
 *
 * <p>The server is the first of these that is there (each system property can also be given as an environment
 * variable, in capitals and with underscores):
 *
 * <ol>
 *   <li>the running one that {@code bucketkeeper.test.etcd.endpoints} names ({@code host:port}, comma-separated);
 *   <li>the program that {@code bucketkeeper.test.etcd.program} names: who names one wants that one, Docker or not;
 *   <li>a container of the image {@code bucketkeeper.test.etcd.image}, where a Docker daemon answers;
 *   <li>the program {@code etcd} on the PATH.
 * </ol>
 *
 * <p>With none of them the launch fails with a message that names all ways. A server that the caller runs keeps what
 * tests write into it, so tests should use a prefix of their own; {@link Builder#controllable()} passes it over.
 */
public final class EtcdServer extends RealServer {

    private final EtcdSecurity security;

    private EtcdServer(ServerRecipe.Launched launched, EtcdSecurity security) {
        super(launched);
        this.security = security;
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
        return builder(ServerEnvironment.ofThisJvm());
    }

    static Builder builder(ServerEnvironment environment) {
        return new Builder(environment);
    }

    /** A way to the server's content that does not lead through the adapter under test. */
    public EtcdHttp http() {
        return security.http(endpoints().get(0));
    }

    /** Says what kind of etcd a test needs. Not safe for use by several threads. */
    public static final class Builder {

        private final ServerEnvironment environment;
        private boolean controllable;
        private @Nullable TestCertificates certificates;
        private @Nullable String rootPassword;

        private Builder(ServerEnvironment environment) {
            this.environment = environment;
        }

        /** Passes over a server that the caller runs, because the test is going to stop it. */
        public Builder controllable() {
            controllable = true;
            return this;
        }

        /**
         * Has the server show a certificate and demand one of every client; includes {@link #controllable()}.
         *
         * @param certificates read while the server runs; the caller closes them after the server
         */
        public Builder tls(TestCertificates certificates) {
            this.certificates = certificates;
            return controllable();
        }

        /** Has the server demand a user and a password, of which root is the only one; includes {@link #controllable()}. */
        public Builder rootPassword(String rootPassword) {
            this.rootPassword = rootPassword;
            return controllable();
        }

        /**
         * Starts the server.
         *
         * @throws ServerStartException if there is none to be had, or it did not start
         */
        public EtcdServer launch() {
            ServerSource.Kind etcd = ServerSource.Kind.ETCD;
            ServerSource source = controllable ? etcd.chooseOwn(environment) : etcd.choose(environment);
            EtcdSecurity withoutUsers = new EtcdSecurity(certificates, null);
            ServerRecipe.Launched launched = new Recipe(withoutUsers).launch(source);
            if (rootPassword == null) {
                return new EtcdServer(launched, withoutUsers);
            }
            try {
                withoutUsers.http(launched.endpoints().get(0)).enableAuth(rootPassword);
                return new EtcdServer(launched, new EtcdSecurity(certificates, rootPassword));
            } catch (RuntimeException e) {
                launched.control().close();
                throw e;
            }
        }
    }

    private record Recipe(EtcdSecurity security) implements ServerRecipe {

        private static final int INNER_PORT = 2379;
        private static final String PROGRAM_IN_IMAGE = "/usr/local/bin/etcd";

        @Override
        public int ports() {
            return EtcdMember.PORTS;
        }

        @Override
        public ServerProcess process(Path program, List<Integer> ports) {
            EtcdMember member = EtcdMember.on("etcd", ports);
            return member.process(program, List.of(member), security);
        }

        @Override
        public ServerContainer container(String image, String host, int port) {
            String endpoint = host + ":" + port;
            Map<String, Path> files = security.files("/bucketkeeper-");
            List<String> command = new ArrayList<>(List.of(PROGRAM_IN_IMAGE, "--data-dir", "/bucketkeeper-data"));
            command.addAll(EtcdMember.LOGGING);
            command.addAll(List.of("--listen-client-urls", security.scheme() + "://0.0.0.0:" + INNER_PORT));
            command.addAll(List.of("--advertise-client-urls", security.scheme() + "://" + endpoint));
            command.addAll(security.arguments(file -> "/bucketkeeper-" + file.getFileName()));
            return new ServerContainer(image, command, INNER_PORT, port, files, security.http(endpoint)::isHealthy);
        }
    }
}
