package org.bucketkeeper.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Says how to reach etcd; made with {@link EtcdStore#builder()}. Only the endpoints are required. Not thread-safe; may
 * build several stores.
 */
public final class EtcdStoreBuilder {

    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    /** How long a connection that carries a call may be silent before it is pinged; gRPC takes no less. */
    private static final Duration PING_AFTER = Duration.ofSeconds(10);

    private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

    /** Far more than a cluster's keys take, which is less than 1 MiB for 256 buckets. */
    private static final int MAX_RESPONSE_BYTES = 64 << 20;

    private final List<Endpoint> endpoints = new ArrayList<>();
    private @Nullable Credentials credentials;
    private @Nullable Tls tls;
    private Duration requestTimeout = Duration.ofSeconds(5);
    private Duration connectTimeout = Duration.ofSeconds(3);

    EtcdStoreBuilder() {}

    /**
     * Adds members of the cluster; name all of them, so that any may fail.
     *
     * @param hostsAndPorts client addresses as {@code host:port}, IPv6 as {@code [address]:port}; without a port it is
     *     2379
     * @throws IllegalArgumentException if one is not of that form
     */
    public EtcdStoreBuilder endpoints(String... hostsAndPorts) {
        return endpoints(List.of(hostsAndPorts));
    }

    /**
     * Adds members of the cluster; name all of them, so that any may fail.
     *
     * @param hostsAndPorts client addresses as {@code host:port}, IPv6 as {@code [address]:port}; without a port it is
     *     2379
     * @throws IllegalArgumentException if one is not of that form
     */
    public EtcdStoreBuilder endpoints(List<String> hostsAndPorts) {
        endpoints.addAll(hostsAndPorts.stream().map(Endpoint::parse).toList());
        return this;
    }

    /**
     * Uses TLS and trusts the authorities that the Java runtime trusts; without a call of this or another TLS setting
     * nothing is encrypted. A member's certificate must be made out to the host named in its endpoint.
     */
    public EtcdStoreBuilder tls() {
        tls = tlsSoFar();
        return this;
    }

    /**
     * Uses TLS and trusts these authorities instead of those of the Java runtime.
     *
     * @param caFile certificates in PEM; read by {@link #build()}
     */
    public EtcdStoreBuilder trustedCertificates(Path caFile) {
        tls = tlsSoFar().trusting(caFile);
        return this;
    }

    /**
     * Uses TLS and shows the servers a certificate of this client.
     *
     * @param certificateFile the certificate and those between it and its authority, in PEM; read by {@link #build()}
     * @param keyFile its private key, PKCS #8 in PEM ({@code BEGIN PRIVATE KEY}), not encrypted; read by
     *     {@link #build()}
     */
    public EtcdStoreBuilder clientCertificate(Path certificateFile, Path keyFile) {
        tls = tlsSoFar().showing(certificateFile, keyFile);
        return this;
    }

    private Tls tlsSoFar() {
        return tls == null ? Tls.ofRuntime() : tls;
    }

    /**
     * Logs in; use it with TLS, since the password is sent as it is.
     *
     * @throws IllegalArgumentException if one is empty
     */
    public EtcdStoreBuilder credentials(String user, String password) {
        credentials = new Credentials(user, password);
        return this;
    }

    /**
     * Sets the time after which every stage of the store is complete; 5 s by default.
     *
     * @param timeout from 100 ms to 5 min; keep it well under a third of the TTL of leases, so that a renewal that was
     *     lost can be repeated
     * @throws IllegalArgumentException if it is out of range
     */
    public EtcdStoreBuilder requestTimeout(Duration timeout) {
        requestTimeout = checked("requestTimeout", timeout);
        return this;
    }

    /**
     * Sets the time after which an address that does not take a connection is given up for another; 3 s by default.
     *
     * @param timeout from 100 ms to 5 min
     * @throws IllegalArgumentException if it is out of range
     */
    public EtcdStoreBuilder connectTimeout(Duration timeout) {
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
    public EtcdStore build() {
        if (endpoints.isEmpty()) {
            throw new IllegalStateException("endpoints must be set, such as etcd-01:2379");
        }
        ClientBuilder client = Client.builder()
                .target(EndpointResolver.target(endpoints))
                .loadBalancerPolicy(ReconnectingBalancer.policy())
                .interceptors(List.of(new CallRules(deadline())))
                // A request that failed may have been handled: repeating it is for those who can read the outcome.
                .retryMaxAttempts(0)
                // Pings on a connection without calls would break etcd's rules, which then hangs up.
                .keepaliveWithoutCalls(false)
                .keepaliveTime(PING_AFTER)
                .keepaliveTimeout(PING_TIMEOUT)
                .connectTimeout(connectTimeout)
                .maxInboundMessageSize(MAX_RESPONSE_BYTES);
        if (credentials != null) {
            client.user(Wire.bytes(credentials.user())).password(Wire.bytes(credentials.password()));
        }
        if (tls != null) {
            client.sslContext(tls.context());
        }
        ExecutorService workers = Executors.newCachedThreadPool(daemons("bucketkeeper-etcd-"));
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("bucketkeeper-etcd-timer-"));
        timer.setRemoveOnCancelPolicy(true);
        return new EtcdStore(
                "etcd " + endpoints,
                requestTimeout,
                client.executorService(workers).build(),
                timer,
                workers);
    }

    /** A little less than the request timeout, so that gRPC's error, which says what was waited for, comes first. */
    private Duration deadline() {
        Duration tenth = requestTimeout.dividedBy(10);
        Duration most = Duration.ofMillis(250);
        return requestTimeout.minus(tenth.compareTo(most) < 0 ? tenth : most);
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Returns the settings without the password. */
    @Override
    public String toString() {
        return "EtcdStoreBuilder[endpoints=" + endpoints + ", tls=" + tls + ", credentials=" + credentials
                + ", requestTimeout=" + requestTimeout + ", connectTimeout=" + connectTimeout + "]";
    }
}
