package org.bucketkeeper.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gives a test one real MariaDB, for what has to hold in a database. It keeps what it committed through a crash of the
 * server, though not of the machine: it does not wait for the disk.
 *
 * <p>It is found as {@link EtcdServer} finds its own, with {@code mariadb} in the settings' names and {@code mariadbd}
 * as the program, which needs {@code mariadb-install-db} on the PATH too: {@code bucketkeeper.test.mariadb.endpoints}, {@code bucketkeeper.test.mariadb.program}, {@code
 * bucketkeeper.test.mariadb.image}. One that the caller names has to let the user {@code root} into the database
 * {@code test} without a password.
 */
public final class MariadbServer extends RealServer {

    private static final String USER = "root";
    private static final String DATABASE = "test";

    private MariadbServer(ServerRecipe.Launched launched) {
        super(launched);
    }

    /**
     * Starts a MariaDB, or takes the one that the caller named.
     *
     * @throws ServerStartException if there is none to be had, or it did not start
     */
    public static MariadbServer launch() {
        return new MariadbServer(new Recipe().launch(ServerSource.Kind.MARIADB.choose(ServerEnvironment.ofThisJvm())));
    }

    /**
     * Starts a MariaDB for a test that is going to stop it: never one that the caller runs.
     *
     * @throws ServerStartException if there is none to be had, or it did not start
     */
    public static MariadbServer launchControllable() {
        return new MariadbServer(
                new Recipe().launch(ServerSource.Kind.MARIADB.chooseOwn(ServerEnvironment.ofThisJvm())));
    }

    /** Where JDBC connects to the database {@code test}, as a user that may do everything. */
    public String jdbcUrl() {
        return "jdbc:mariadb://" + endpoints().get(0) + "/" + DATABASE + "?user=" + USER + "&sslMode=disable";
    }

    /** Whether the server greets a client within two seconds. Never throws. */
    public boolean isHealthy() {
        return greets(endpoints().get(0));
    }

    /** The server speaks first: a packet with its protocol's version, or with an error. */
    private static boolean greets(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1))),
                    Recipe.ANSWER_BOUND_MILLIS);
            socket.setSoTimeout(Recipe.ANSWER_BOUND_MILLIS);
            InputStream in = socket.getInputStream();
            byte[] greeting = in.readNBytes(Recipe.HEADER_BYTES + 1);
            return greeting.length > Recipe.HEADER_BYTES && greeting[Recipe.HEADER_BYTES] == Recipe.PROTOCOL;
        } catch (IOException noAnswer) {
            return false;
        }
    }

    private record Recipe() implements ServerRecipe {

        private static final int INNER_PORT = 3306;
        private static final int ANSWER_BOUND_MILLIS = 2_000;
        private static final int HEADER_BYTES = 4;
        private static final int PROTOCOL = 10;

        /** Makes the data the first time; then the server takes the shell's place, and so its process id. */
        private static final String START = """
                set -eu
                program=$1 folder=$2
                shift 2
                test -e "$folder/made" || {
                    rm -rf "$folder/data"
                    mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-name-resolve \
                        --user="$(id -un)" --datadir="$folder/data"
                    mkdir -p "$folder/data/%s"
                    : >"$folder/made"
                }
                exec "$program" --no-defaults --user="$(id -un)" --datadir="$folder/data" "$@"
                """.formatted(DATABASE);

        @Override
        public int ports() {
            return 1;
        }

        @Override
        public ServerProcess process(Path program, List<Integer> ports) {
            TemporaryFolder folder = new TemporaryFolder("mariadb");
            int port = ports.get(0);
            List<String> command = new ArrayList<>(List.of("sh", "-c", START, "mariadb"));
            command.addAll(
                    List.of(program.toAbsolutePath().toString(), folder.path().toString()));
            command.addAll(List.of("--port=" + port, "--bind-address=" + EtcdMember.HOST));
            command.addAll(List.of(
                    "--socket=" + folder.path().resolve("socket"),
                    "--pid-file=" + folder.path().resolve("pid")));
            command.addAll(settings());
            return new ServerProcess("mariadb", command, folder, () -> greets(EtcdMember.HOST + ":" + port));
        }

        @Override
        public ServerContainer container(String image, String host, int port) {
            List<String> command = new ArrayList<>(List.of("env", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1"));
            command.addAll(List.of("MARIADB_ROOT_HOST=%", "MARIADB_DATABASE=" + DATABASE));
            command.addAll(List.of("docker-entrypoint.sh", "mariadbd"));
            command.addAll(settings());
            return new ServerContainer(image, command, INNER_PORT, port, Map.of(), () -> greets(host + ":" + port));
        }

        private static List<String> settings() {
            return List.of("--innodb-flush-log-at-trx-commit=2", "--skip-name-resolve");
        }
    }
}
