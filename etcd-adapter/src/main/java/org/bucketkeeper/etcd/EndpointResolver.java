package org.bucketkeeper.etcd;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the addresses of several endpoints for one gRPC channel.
 *
 * <p>jetcd's own resolver asks the DNS on the thread that happens to need an address, which can be the caller's or the
 * one that carries every connection; this one asks on a thread that may block. It also keeps all addresses of a name,
 * checks each member's certificate against its own name, and says which names could not be resolved.
 */
final class EndpointResolver extends NameResolver {

    private static final String SCHEME = "bucketkeeper-etcd";
    private static final Provider PROVIDER = new Provider();

    private final List<Endpoint> endpoints;
    private final SynchronizationContext context;
    private final Executor mayBlock;

    private @Nullable Listener2 listener;
    private boolean lookingUp;
    private boolean shutDown;

    private EndpointResolver(List<Endpoint> endpoints, SynchronizationContext context, Executor mayBlock) {
        this.endpoints = endpoints;
        this.context = context;
        this.mayBlock = mayBlock;
    }

    /** Returns the channel target that this class resolves to {@code endpoints}. */
    static String target(List<Endpoint> endpoints) {
        NameResolverRegistry.getDefaultRegistry().register(PROVIDER);
        String path = endpoints.stream().map(Endpoint::toString).collect(Collectors.joining(",", "/", ""));
        try {
            return new URI(SCHEME, "", path, null, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("endpoints cannot be used: " + endpoints, e);
        }
    }

    /** Returns the endpoints of a channel target for people to read. */
    static String describe(String target) {
        return "etcd " + endpoints(URI.create(target));
    }

    private static List<Endpoint> endpoints(URI target) {
        return Stream.of(target.getPath().substring(1).split(",", -1))
                .map(Endpoint::parse)
                .toList();
    }

    @Override
    public String getServiceAuthority() {
        return endpoints.get(0).toString();
    }

    @Override
    public void start(Listener2 newListener) {
        listener = newListener;
        lookUp();
    }

    @Override
    public void refresh() {
        lookUp();
    }

    private void lookUp() {
        if (lookingUp || shutDown) {
            return;
        }
        lookingUp = true;
        mayBlock.execute(() -> {
            StatusOr<List<EquivalentAddressGroup>> answer = resolveAll();
            context.execute(() -> tell(answer));
        });
    }

    private void tell(StatusOr<List<EquivalentAddressGroup>> answer) {
        lookingUp = false;
        if (!shutDown && listener != null) {
            listener.onResult2(
                    ResolutionResult.newBuilder().setAddressesOrError(answer).build());
        }
    }

    private StatusOr<List<EquivalentAddressGroup>> resolveAll() {
        List<EquivalentAddressGroup> found = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            try {
                found.add(resolve(endpoint));
            } catch (UnknownHostException e) {
                unknown.add(endpoint.host());
            }
        }
        return found.isEmpty()
                ? StatusOr.fromStatus(Status.UNAVAILABLE.withDescription("unknown host: " + String.join(", ", unknown)))
                : StatusOr.fromValue(found);
    }

    private static EquivalentAddressGroup resolve(Endpoint endpoint) throws UnknownHostException {
        List<SocketAddress> addresses = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(endpoint.host())) {
            addresses.add(new InetSocketAddress(address, endpoint.port()));
        }
        Attributes ownName = Attributes.newBuilder()
                .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, endpoint.toString())
                .build();
        return new EquivalentAddressGroup(addresses, ownName);
    }

    @Override
    public void shutdown() {
        shutDown = true;
    }

    private static final class Provider extends NameResolverProvider {

        @Override
        public @Nullable NameResolver newNameResolver(URI target, Args args) {
            if (!SCHEME.equals(target.getScheme())) {
                return null;
            }
            Executor offload = args.getOffloadExecutor();
            return new EndpointResolver(
                    endpoints(target),
                    args.getSynchronizationContext(),
                    offload == null ? args.getScheduledExecutorService() : offload);
        }

        @Override
        public String getDefaultScheme() {
            return SCHEME;
        }

        @Override
        protected boolean isAvailable() {
            return true;
        }

        /** Lowest: must never become the one that targets without a scheme are given to. */
        @Override
        protected int priority() {
            return 0;
        }
    }
}
