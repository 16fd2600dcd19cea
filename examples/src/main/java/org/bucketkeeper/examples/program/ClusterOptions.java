package org.bucketkeeper.examples.program;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bucketkeeper.config.ClusterConfig;
import org.bucketkeeper.config.ClusterConfigException;
import org.bucketkeeper.config.Endpoint;
import org.bucketkeeper.config.EtcdSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Tells a program which cluster it belongs to: by the operators' file, by the environment, which goes before the file,
 * or by a flag, which goes before both.
 */
public final class ClusterOptions {

    /** Names one etcd member, as operators know it. */
    public static final String ETCD_SERVER_HOST = "ETCD_SERVER_HOST";

    /** Names all etcd members: comma-separated, or a JSON array of text. */
    public static final String ETCD_SERVER_HOST_LIST = "ETCD_SERVER_HOST_LIST";

    /** Says whether there is a cluster at all. */
    public static final String ENABLE_DTABLE_SERVER_CLUSTER = "ENABLE_DTABLE_SERVER_CLUSTER";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Environment environment;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The operators' dtable_server_config.json; its cluster_config says the rest.")
    private @Nullable Path file;

    @Option(
            names = "--etcd",
            paramLabel = "HOST:PORT",
            description = {
                "The etcd members, comma-separated; goes before the file's.",
                "Also by the environment: " + ETCD_SERVER_HOST + " or " + ETCD_SERVER_HOST_LIST + "."
            },
            split = ",",
            converter = EndpointText.class)
    private List<Endpoint> endpoints = List.of();

    /** Creates the options of a process with this environment. */
    public ClusterOptions(Map<String, String> environment) {
        this.environment = new Environment(environment);
    }

    /** Returns the environment that the options were created with. */
    public Environment environment() {
        return environment;
    }

    /** Returns the operators' file; null if none was named. */
    public @Nullable Path file() {
        return file;
    }

    /**
     * Tells whether this process belongs to a cluster: as {@code ENABLE_DTABLE_SERVER_CLUSTER} says, and without it, if
     * anything names a cluster.
     *
     * @throws ProgramException if that variable is neither true nor false
     */
    public boolean clusterIsEnabled() {
        boolean named = file != null || !namedEndpoints().isEmpty();
        return environment.flag(ENABLE_DTABLE_SERVER_CLUSTER, named);
    }

    /**
     * Returns the cluster's configuration; reads the file.
     *
     * @throws ProgramException if nothing names a cluster, or the file or a variable is wrong
     */
    public ClusterConfig config() {
        List<Endpoint> named = namedEndpoints();
        if (file != null) {
            ClusterConfig config = read(file);
            if (named.isEmpty()) {
                return config;
            }
            EtcdSettings etcd = config.store() instanceof EtcdSettings inFile
                    ? new EtcdSettings(named, inFile.tls(), inFile.credentials())
                    : new EtcdSettings(named, null, null);
            return config.withStore(etcd);
        }
        if (named.isEmpty()) {
            throw new ProgramException("no cluster is named: use --config FILE or --etcd HOST:PORT, or set "
                    + ETCD_SERVER_HOST + " or " + ETCD_SERVER_HOST_LIST);
        }
        return ClusterConfig.of(new EtcdSettings(named, null, null));
    }

    private static ClusterConfig read(Path path) {
        try {
            return ClusterConfig.read(path);
        } catch (ClusterConfigException e) {
            throw new ProgramException("cannot use the configuration:\n" + e.getMessage(), e);
        }
    }

    private List<Endpoint> namedEndpoints() {
        if (!endpoints.isEmpty()) {
            return endpoints;
        }
        String list = environment.text(ETCD_SERVER_HOST_LIST);
        if (list != null) {
            return texts(list).stream()
                    .map(text -> endpoint(ETCD_SERVER_HOST_LIST, text))
                    .toList();
        }
        String one = environment.text(ETCD_SERVER_HOST);
        return one == null ? List.of() : List.of(endpoint(ETCD_SERVER_HOST, one));
    }

    private static Endpoint endpoint(String variable, String text) {
        try {
            return Endpoint.parse(text, EtcdSettings.DEFAULT_PORT);
        } catch (IllegalArgumentException e) {
            throw new ProgramException(variable + " " + e.getMessage(), e);
        }
    }

    private static List<String> texts(String list) {
        if (!list.startsWith("[")) {
            return Arrays.stream(list.split(",", -1)).map(String::strip).toList();
        }
        try {
            return List.of(JSON.readValue(list, String[].class));
        } catch (JsonProcessingException e) {
            throw new ProgramException(
                    ETCD_SERVER_HOST_LIST + " must be comma-separated or a JSON array of text, but is \"" + list + "\"",
                    e);
        }
    }

    /** Refuses what is no address before anything is started. */
    static final class EndpointText implements ITypeConverter<Endpoint> {

        @Override
        public Endpoint convert(String value) {
            try {
                return Endpoint.parse(value, EtcdSettings.DEFAULT_PORT);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
