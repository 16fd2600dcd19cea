package org.bucketkeeper.examples.server;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.bucketkeeper.config.Secret;
import org.bucketkeeper.examples.program.ClusterConnection;
import org.bucketkeeper.examples.program.ClusterOptions;
import org.bucketkeeper.examples.program.Program;
import org.bucketkeeper.examples.program.ProgramCommand;
import org.bucketkeeper.examples.program.ProgramRunner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a dtable-server until the process is told to end. */
@Command(
        name = "dtable-server",
        description = {
            "Serves bases over HTTP and WebSocket, and stores them in a database.",
            "",
            "In a cluster it serves the buckets that are assigned to it. Without one, or with "
                    + ClusterOptions.ENABLE_DTABLE_SERVER_CLUSTER + "=false, it runs alone; it must then be the only"
                    + " server of its storage."
        })
public final class ServerCommand implements Callable<Integer>, ProgramCommand {

    private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);
    private static final String STORAGE_USER = "DTABLE_STORAGE_USER";
    private static final String STORAGE_PASSWORD = "DTABLE_STORAGE_PASSWORD";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions(System.getenv());

    @Option(names = "--host", description = "The address to listen on; ${DEFAULT-VALUE} by default.")
    private String host = "0.0.0.0";

    @Option(names = "--port", description = "The port to listen on, 0 for any; ${DEFAULT-VALUE} by default.")
    private int port = 5000;

    @Option(names = "--node-id", paramLabel = "NAME", description = "This server's name; goes before the file's.")
    private @Nullable String nodeId;

    @Option(names = "--node-url", paramLabel = "URL", description = "Where browsers reach it; goes before the file's.")
    private @Nullable String nodeUrl;

    @Option(
            names = "--local-node-url",
            paramLabel = "URL",
            description = "Where the intranet reaches it; goes before the file's.")
    private @Nullable String localNodeUrl;

    @Option(
            names = "--session-ttl",
            paramLabel = "SECONDS",
            description = "How long after its death it is taken for alive; 90 unless the file says otherwise.")
    private @Nullable Long sessionTtl;

    @Option(
            names = "--storage",
            paramLabel = "JDBC_URL",
            description = {
                "The database for bases: jdbc:mariadb:, jdbc:mysql:, jdbc:postgresql: or jdbc:sqlite:.",
                "By default the MariaDB that the file names as host, port, database, user and password; without one a"
                        + " file in the folder of --data.",
                "MariaDB and MySQL are reached without TLS unless the URL says sslMode=verify-full or another."
            })
    private @Nullable String storage;

    @Option(
            names = "--storage-user",
            paramLabel = "NAME",
            description = "The user of --storage; also by the environment: " + STORAGE_USER + ".")
    private @Nullable String storageUser;

    @Option(
            names = "--storage-password",
            paramLabel = "TEXT",
            description = "The password of --storage; better by the environment: " + STORAGE_PASSWORD + ".")
    private @Nullable String storagePassword;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "The folder for bases if no database is named; ${DEFAULT-VALUE} by default. The servers of one"
                            + " host may share it.")
    private Path data = Path.of("data");

    @Option(
            names = "--max-wait",
            paramLabel = "SECONDS",
            description = "How long requests wait for a bucket that it is about to own; ${DEFAULT-VALUE} by default.")
    private long maxWait = ServerSettings.Times.DEFAULT.maxWait().toSeconds();

    @Option(
            names = "--leave-timeout",
            paramLabel = "SECONDS",
            description = "How long it waits at its end for others to take over; ${DEFAULT-VALUE} by default.")
    private long leaveTimeout = ServerSettings.Times.DEFAULT.leaveTimeout().toSeconds();

    @Override
    public Integer call() {
        ProgramRunner.run(spec.commandLine().getOut(), this::start);
        return 0;
    }

    @Override
    public void start(ProgramRunner runner) {
        runner.started(start(runner.vertx(), cluster));
    }

    private Program start(Vertx vertx, ClusterOptions options) {
        ServerSettings settings = settings();
        if (options.clusterIsEnabled()) {
            return DtableServer.start(vertx, ClusterConnection.open(options.config()), settings);
        }
        LOG.warn("No cluster is configured, so this server runs alone. Nothing keeps a second server from the same"
                + " storage, where each would overwrite what the other keeps in memory");
        return DtableServer.start(vertx, null, settings);
    }

    private ServerSettings settings() {
        ServerSettings.Times times = ServerSettings.Times.DEFAULT;
        return new ServerSettings(
                host,
                port,
                new ServerSettings.Names(nodeId, nodeUrl, localNodeUrl),
                sessionTtl == null ? null : Duration.ofSeconds(sessionTtl),
                storage(),
                new ServerSettings.Times(
                        Duration.ofSeconds(maxWait),
                        Duration.ofSeconds(leaveTimeout),
                        times.grace(),
                        times.idle(),
                        times.storagePatience()));
    }

    private StorageSettings storage() {
        String user = storageUser != null ? storageUser : cluster.environment().text(STORAGE_USER);
        String secret = storagePassword != null
                ? storagePassword
                : cluster.environment().text(STORAGE_PASSWORD);
        Secret password = secret == null ? null : Secret.of(secret);
        if (storage != null) {
            return new StorageSettings(storage, user, password);
        }
        Path file = cluster.file();
        StorageSettings inFile = file == null ? null : StorageFile.read(file, user, password);
        return inFile != null ? inFile : StorageSettings.file(data);
    }
}
