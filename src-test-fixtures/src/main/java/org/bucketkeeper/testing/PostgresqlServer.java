package org.bucketkeeper.testing;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gives a test one real PostgreSQL, for what has to hold in a database. It keeps what it committed through a crash of
 * the server, though not of the machine: it does not wait for the disk.
 *
 * <p>It is found as {@link EtcdServer} finds its own, with {@code postgresql} in the settings' names and {@code
 * postgres} as the program, which is also looked for where Debian keeps it: {@code
 * bucketkeeper.test.postgresql.endpoints}, {@code bucketkeeper.test.postgresql.program}, {@code
 * bucketkeeper.test.postgresql.image}. One that the caller names has to let the user {@code postgres} into the database
 * {@code postgres} without a password, or with one that the driver finds in {@code ~/.pgpass}.
 *
 * <p>PostgreSQL refuses to run as root. Where the tests do, a server run as a process becomes the user {@code postgres},
 * or {@code nobody}, with {@code setpriv}. {@link #pause()} of a process freezes only the opening of connections: those
 * that are open are served by processes of their own.
 */
public final class PostgresqlServer extends RealServer {

    private static final String USER = "postgres";
    private static final String DATABASE = "postgres";

    private PostgresqlServer(ServerRecipe.Launched launched) {
        super(launched);
    }

    /**
     * Starts a PostgreSQL, or takes the one that the caller named.
     *
     * @throws ServerStartException if there is none to be had, or it did not start
     */
    public static PostgresqlServer launch() {
        return launch(ServerEnvironment.ofThisJvm());
    }

    static PostgresqlServer launch(ServerEnvironment environment) {
        return new PostgresqlServer(new Recipe().launch(ServerSource.Kind.POSTGRESQL.choose(environment)));
    }

    /**
     * Starts a PostgreSQL for a test that is going to stop it: never one that the caller runs.
     *
     * @throws ServerStartException if there is none to be had, or it did not start
     */
    public static PostgresqlServer launchControllable() {
        return new PostgresqlServer(
                new Recipe().launch(ServerSource.Kind.POSTGRESQL.chooseOwn(ServerEnvironment.ofThisJvm())));
    }

    /** Where JDBC connects to the database {@code postgres}, as a user that may do everything. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + endpoints().get(0) + "/" + DATABASE + "?user=" + USER;
    }

    /** Whether the server lets a client begin a session within two seconds. Never throws. */
    public boolean isHealthy() {
        return admits(endpoints().get(0));
    }

    /** Sends what every client sends first; a server that is still starting, or going down, answers with an error. */
    private static boolean admits(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        byte[] parameters = ("user\0" + USER + "\0database\0" + DATABASE + "\0\0").getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1))),
                    Recipe.ANSWER_BOUND_MILLIS);
            socket.setSoTimeout(Recipe.ANSWER_BOUND_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(2 * Integer.BYTES + parameters.length);
            out.writeInt(Recipe.PROTOCOL_3_0);
            out.write(parameters);
            out.flush();
            return socket.getInputStream().read() == Recipe.AUTHENTICATION;
        } catch (IOException noAnswer) {
            return false;
        }
    }

    private record Recipe() implements ServerRecipe {

        private static final int INNER_PORT = 5432;
        private static final int ANSWER_BOUND_MILLIS = 2_000;
        private static final int PROTOCOL_3_0 = 3 << 16;
        private static final int AUTHENTICATION = 'R';

        /** Makes the data the first time; then the server takes the shell's place, and so its process id. */
        private static final String START = """
                set -eu
                bin=$1 data=$2
                shift 2
                export LC_ALL=C
                test -e "$data/made" || {
                    rm -rf "$data"
                    "$bin/initdb" --pgdata "$data" --username %s --auth trust --encoding UTF8 --no-sync
                    : >"$data/made"
                }
                exec "$bin/postgres" -D "$data" "$@"
                """.formatted(USER);

        @Override
        public int ports() {
            return 1;
        }

        @Override
        public ServerProcess process(Path program, List<Integer> ports) {
            TemporaryFolder folder = new TemporaryFolder("postgresql");
            int port = ports.get(0);
            List<String> command = new ArrayList<>(asAnotherUserThanRoot(folder));
            Path bin = program.toAbsolutePath().getParent();
            command.addAll(List.of("sh", "-c", START, "postgresql", String.valueOf(bin)));
            command.add(folder.path().resolve("data").toString());
            command.addAll(List.of("-p", Integer.toString(port), "-h", EtcdMember.HOST));
            command.addAll(List.of("-c", "unix_socket_directories=", "-c", "dynamic_shared_memory_type=mmap"));
            command.addAll(settings());
            return new ServerProcess("postgresql", command, folder, () -> admits(EtcdMember.HOST + ":" + port), "QUIT");
        }

        @Override
        public ServerContainer container(String image, String host, int port) {
            List<String> command = new ArrayList<>(List.of("env", "POSTGRES_HOST_AUTH_METHOD=trust"));
            command.addAll(List.of("docker-entrypoint.sh", "postgres"));
            command.addAll(settings());
            return new ServerContainer(image, command, INNER_PORT, port, Map.of(), () -> admits(host + ":" + port));
        }

        private static List<String> settings() {
            return List.of("-c", "fsync=off");
        }

        private static List<String> asAnotherUserThanRoot(TemporaryFolder folder) {
            if (!System.getProperty("user.name").equals("root")) {
                return List.of();
            }
            String user = giveAway(folder.path());
            return List.of(
                    "setpriv", "--reuid", user, "--regid", user.equals("nobody") ? "nogroup" : user, "--clear-groups");
        }

        /** Makes the folder belong to a user that the server can run as; returns the user. */
        private static String giveAway(Path folder) {
            FileSystem files = folder.getFileSystem();
            try {
                for (String user : List.of("postgres", "nobody")) {
                    try {
                        Files.setOwner(
                                folder, files.getUserPrincipalLookupService().lookupPrincipalByName(user));
                        return user;
                    } catch (UserPrincipalNotFoundException noSuchUser) {
                        // The next one, then.
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            throw new ServerStartException(
                    "PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody");
        }
    }
}
