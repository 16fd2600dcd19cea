package org.bucketkeeper.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.bucketkeeper.config.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Says how to reach Redis; made with {@link RedisStore#builder()}. Only an address is required. Not thread-safe; may
 * build several stores.
 */
public final class RedisStoreBuilder {

    private static final int DEFAULT_PORT = 6379;
    private static final int DEFAULT_SENTINEL_PORT = 26379;
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);
    private static final int IO_THREADS = 2;
    private static final int REQUEST_QUEUE = 20_000;

    /** A watch that is further behind reads afresh. Most entries take a few hundred bytes, a whole table some 10 KB. */
    private static final int LOG_LENGTH = 4_096;

    private final List<Endpoint> endpoints = new ArrayList<>();
    private @Nullable String primary;
    private @Nullable String user;
    private @Nullable String password;
    private int database;
    private @Nullable Tls tls;
    private String namespace = "bucketkeeper";
    private Duration requestTimeout = Duration.ofSeconds(5);
    private Duration connectTimeout = Duration.ofSeconds(3);

    RedisStoreBuilder() {}

    /**
     * Takes the servers, user, password, database and whether to use TLS from an address.
     *
     * @param uri as {@link RedisStore#connect} takes it
     * @throws IllegalArgumentException if it is not of that form
     * @throws IllegalStateException if servers were named and this names sentinels, or the other way round
     */
    public RedisStoreBuilder uri(String uri) {
        RedisAddress address = RedisAddress.parse(uri);
        use(address.primary());
        endpoints.addAll(address.endpoints());
        database = address.database();
        if (address.password() != null) {
            user = address.user();
            password = address.password();
        }
        tls = address.encrypted() ? tlsSoFar() : tls;
        return this;
    }

    /**
     * Adds servers: the one there is; or some of a Redis Cluster; or a primary and its replicas, of which the first
     * that is a primary is used. Who promotes a replica by hand has to keep the former primary away, or make it a
     * replica before it comes back: a process that starts would use it. Sentinel and Redis Cluster see to that.
     *
     * @param hostsAndPorts addresses as {@code host:port}, IPv6 as {@code [address]:port}; without a port it is 6379
     * @throws IllegalArgumentException if one is not of that form
     * @throws IllegalStateException if sentinels were named
     */
    public RedisStoreBuilder endpoints(String... hostsAndPorts) {
        return endpoints(List.of(hostsAndPorts));
    }

    /**
     * Adds servers: the one there is; or some of a Redis Cluster; or a primary and its replicas, of which the first
     * that is a primary is used. Who promotes a replica by hand has to keep the former primary away, or make it a
     * replica before it comes back: a process that starts would use it. Sentinel and Redis Cluster see to that.
     *
     * @param hostsAndPorts addresses as {@code host:port}, IPv6 as {@code [address]:port}; without a port it is 6379
     * @throws IllegalArgumentException if one is not of that form
     * @throws IllegalStateException if sentinels were named
     */
    public RedisStoreBuilder endpoints(List<String> hostsAndPorts) {
        use(null);
        hostsAndPorts.forEach(each -> endpoints.add(endpoint(each, DEFAULT_PORT)));
        return this;
    }

    /**
     * Has Redis Sentinel tell, at every connection, which server is the primary.
     *
     * @param primaryName what the sentinels call it
     * @param hostsAndPorts the sentinels' addresses as {@code host:port}; without a port it is 26379
     * @throws IllegalArgumentException if the name is empty or an address is not of that form
     * @throws IllegalStateException if servers were named, or another primary
     */
    public RedisStoreBuilder sentinels(String primaryName, String... hostsAndPorts) {
        if (primaryName.isEmpty()) {
            throw new IllegalArgumentException("primaryName must not be empty");
        }
        use(primaryName);
        List.of(hostsAndPorts).forEach(each -> endpoints.add(endpoint(each, DEFAULT_SENTINEL_PORT)));
        return this;
    }

    private void use(@Nullable String newPrimary) {
        if (!endpoints.isEmpty() && !Objects.equals(newPrimary, primary)) {
            throw new IllegalStateException("servers and sentinels cannot be mixed, nor primaries");
        }
        primary = newPrimary;
    }

    private static Endpoint endpoint(String text, int defaultPort) {
        try {
            return Endpoint.parse(text, defaultPort);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("endpoint " + e.getMessage(), e);
        }
    }

    /**
     * Logs in as Redis' default user; use it with TLS, since the password is sent as it is.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public RedisStoreBuilder password(String newPassword) {
        if (newPassword.isEmpty()) {
            throw new IllegalArgumentException("password must not be empty");
        }
        user = null;
        password = newPassword;
        return this;
    }

    /**
     * Logs in as a user of Redis' access control lists (Redis 6 and later); use it with TLS, since the password is sent
     * as it is.
     *
     * @throws IllegalArgumentException if one is empty
     */
    public RedisStoreBuilder credentials(String newUser, String newPassword) {
        if (newUser.isEmpty()) {
            throw new IllegalArgumentException("user must not be empty");
        }
        password(newPassword);
        user = newUser;
        return this;
    }

    /**
     * Chooses one of the server's numbered databases; 0 by default, and the only one in a Redis Cluster.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public RedisStoreBuilder database(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("database must not be negative, but was " + number);
        }
        database = number;
        return this;
    }

    /**
     * Keeps this store's keys apart from others in the same database: all of them begin with {@code {namespace}:};
     * {@code bucketkeeper} by default. All processes of a cluster must have the same.
     *
     * @throws IllegalArgumentException if it is empty or has a brace
     */
    public RedisStoreBuilder namespace(String name) {
        if (name.isEmpty() || name.contains("{") || name.contains("}")) {
            throw new IllegalArgumentException(
                    "namespace must not be empty nor have a brace, but was \"" + name + "\"");
        }
        namespace = name;
        return this;
    }

    /**
     * Uses TLS and trusts the authorities that the Java runtime trusts; without a call of this or another TLS setting,
     * or a {@code rediss} address, nothing is encrypted. A server's certificate must be made out to the host named in
     * its endpoint.
     */
    public RedisStoreBuilder tls() {
        tls = tlsSoFar();
        return this;
    }

    /**
     * Uses TLS and trusts these authorities instead of those of the Java runtime.
     *
     * @param caFile certificates in PEM
     */
    public RedisStoreBuilder trustedCertificates(Path caFile) {
        tls = tlsSoFar().trusting(caFile);
        return this;
    }

    /**
     * Uses TLS and shows the servers a certificate of this client.
     *
     * @param certificateFile the certificate and those between it and its authority, in PEM
     * @param keyFile its private key, PKCS #8 in PEM ({@code BEGIN PRIVATE KEY}), not encrypted
     */
    public RedisStoreBuilder clientCertificate(Path certificateFile, Path keyFile) {
        tls = tlsSoFar().showing(certificateFile, keyFile);
        return this;
    }

    private Tls tlsSoFar() {
        return tls == null ? Tls.ofRuntime() : tls;
    }

    /**
     * Sets the time after which every stage of the store is complete; 5 s by default.
     *
     * @param timeout from 100 ms to 5 min; keep it well under a third of the TTL of leases, so that a renewal that was
     *     lost can be repeated
     * @throws IllegalArgumentException if it is out of range
     */
    public RedisStoreBuilder requestTimeout(Duration timeout) {
        requestTimeout = checked("requestTimeout", timeout);
        return this;
    }

    /**
     * Sets the time after which an address that does not take a connection is given up; 3 s by default.
     *
     * @param timeout from 100 ms to 5 min
     * @throws IllegalArgumentException if it is out of range
     */
    public RedisStoreBuilder connectTimeout(Duration timeout) {
        connectTimeout = checked("connectTimeout", timeout);
        return this;
    }

    private static Duration checked(String what, Duration timeout) {
        if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(what + " must be from " + MIN_TIMEOUT.toMillis() + " ms to "
                    + MAX_TIMEOUT.toMinutes() + " min, but was " + timeout);
        }
        return timeout;
    }

    /**
     * Returns the store, which connects with its first call; reads the certificate files but does not touch the
     * network.
     *
     * @throws IllegalStateException if there is no endpoint
     * @throws IllegalArgumentException if a certificate or key file cannot be used
     */
    public RedisStore build() {
        if (endpoints.isEmpty()) {
            throw new IllegalStateException("endpoints must be set, such as redis-01:6379");
        }
        ClientOptions options = options();
        ClientResources resources = DefaultClientResources.builder()
                .ioThreadPoolSize(IO_THREADS)
                .computationThreadPoolSize(DefaultClientResources.MIN_COMPUTATION_THREADS)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        RedisClient client = RedisClient.create(resources);
        client.setOptions(options);
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "bucketkeeper-redis-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        Connector connector = new Connector(
                client,
                seeds(),
                new Keys(namespace),
                List.of(UUID.randomUUID().toString(), Integer.toString(LOG_LENGTH)),
                requestTimeout,
                timer);
        return new RedisStore("redis " + endpoints, requestTimeout, connector, timer, () -> release(client, resources));
    }

    private static void release(RedisClient client, ClientResources resources) {
        var unused = client.shutdownAsync(0, 1, TimeUnit.SECONDS).whenComplete((done, error) -> {
            var unusedResources = resources.shutdown(0, 1, TimeUnit.SECONDS);
        });
    }

    private ClientOptions options() {
        ClientOptions.Builder options = ClientOptions.builder()
                // What was under way when a connection broke may have been done: sending it again is not for Lettuce.
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                // What is wrong with user, password or state of the server is then said in its own plain words.
                .pingBeforeActivateConnection(true)
                .protocolVersion(ProtocolVersion.RESP2)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                // A blocking read takes longer than a call, and each has a limit of its own here.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .requestQueueSize(REQUEST_QUEUE)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(connectTimeout)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build());
        if (tls != null) {
            options.sslOptions(tls.options());
        }
        return options.build();
    }

    private List<RedisURI> seeds() {
        if (primary == null) {
            return endpoints.stream().map(endpoint -> logIn(uri(endpoint))).toList();
        }
        RedisURI throughSentinels = encrypt(new RedisURI());
        // The password is the primary's; sentinels are asked without.
        endpoints.forEach(endpoint -> throughSentinels.getSentinels().add(uri(endpoint)));
        throughSentinels.setSentinelMasterId(primary);
        return List.of(logIn(throughSentinels));
    }

    private RedisURI uri(Endpoint endpoint) {
        RedisURI uri = encrypt(new RedisURI());
        uri.setHost(endpoint.host());
        uri.setPort(endpoint.port());
        return uri;
    }

    private RedisURI encrypt(RedisURI uri) {
        uri.setTimeout(requestTimeout);
        if (tls != null) {
            uri.setSsl(true);
            uri.setVerifyPeer(SslVerifyMode.FULL);
        }
        return uri;
    }

    private RedisURI logIn(RedisURI uri) {
        uri.setDatabase(database);
        if (password != null) {
            uri.setAuthentication(user, password.toCharArray());
        }
        return uri;
    }

    /** Returns the settings without the password. */
    @Override
    public String toString() {
        return "RedisStoreBuilder[endpoints=" + endpoints + ", primary=" + primary + ", user=" + user + ", database="
                + database + ", tls=" + tls + ", namespace=" + namespace + ", requestTimeout=" + requestTimeout
                + ", connectTimeout=" + connectTimeout + "]";
    }
}
