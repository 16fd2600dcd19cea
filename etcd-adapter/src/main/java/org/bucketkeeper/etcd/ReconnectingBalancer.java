package org.bucketkeeper.etcd;

import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import io.grpc.util.ForwardingLoadBalancerHelper;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spreads calls over the members that can be reached, and while none can, goes on trying every second.
 *
 * <p>gRPC waits longer after every attempt that failed, up to two minutes, and offers no setting for it. After an
 * outage of one minute a client would so come back up to half a minute later than the store, and lose leases that it
 * could have renewed. This policy is gRPC's round robin, made anew when it has run out of members, which makes it forget
 * how long it wanted to wait.
 *
 * <p>Not thread-safe; gRPC calls it in its synchronization context.
 */
final class ReconnectingBalancer extends LoadBalancer {

    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingBalancer.class);
    private static final String POLICY = "bucketkeeper_etcd";
    private static final Provider PROVIDER = new Provider();
    private static final long RETRY_MILLIS = 1000;

    private final Helper helper;
    private final String name;
    private final LoadBalancerProvider roundRobin;

    private @Nullable StateWatcher reporting;
    private LoadBalancer current;
    private @Nullable ResolvedAddresses addresses;
    private @Nullable ScheduledHandle retry;
    private @Nullable ConnectivityState logged;

    private ReconnectingBalancer(Helper helper) {
        this.helper = helper;
        this.name = EndpointResolver.describe(helper.getChannelTarget());
        this.roundRobin = Objects.requireNonNull(
                LoadBalancerRegistry.getDefaultRegistry().getProvider("round_robin"), "gRPC's round_robin policy");
        this.current = newRoundRobin();
    }

    /** Returns the name by which a channel asks for this policy. */
    static String policy() {
        LoadBalancerRegistry.getDefaultRegistry().register(PROVIDER);
        return POLICY;
    }

    @Override
    public Status acceptResolvedAddresses(ResolvedAddresses resolved) {
        addresses = resolved;
        return current.acceptResolvedAddresses(resolved);
    }

    @Override
    public void handleNameResolutionError(Status error) {
        current.handleNameResolutionError(error);
    }

    @Override
    public void requestConnection() {
        current.requestConnection();
    }

    @Override
    public void shutdown() {
        cancelRetry();
        current.shutdown();
    }

    private LoadBalancer newRoundRobin() {
        StateWatcher watcher = new StateWatcher();
        reporting = watcher;
        return roundRobin.newLoadBalancer(watcher);
    }

    private void onState(ConnectivityState state) {
        log(state);
        if (state != ConnectivityState.TRANSIENT_FAILURE) {
            cancelRetry();
        } else if (retry == null) {
            retry = helper.getSynchronizationContext()
                    .schedule(this::retry, RETRY_MILLIS, TimeUnit.MILLISECONDS, helper.getScheduledExecutorService());
        }
    }

    private void retry() {
        retry = null;
        helper.refreshNameResolution();
        if (addresses != null) {
            current.shutdown();
            current = newRoundRobin();
            current.acceptResolvedAddresses(addresses);
        }
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }

    private void log(ConnectivityState state) {
        if (state == logged) {
            return;
        }
        if (state == ConnectivityState.READY) {
            logged = state;
            LOG.info("{}: connected", name);
        } else if (state == ConnectivityState.TRANSIENT_FAILURE) {
            logged = state;
            LOG.warn("{}: no member can be reached; trying every {} ms", name, RETRY_MILLIS);
        }
    }

    /** What one round robin reports to; reports of one that was replaced are dropped. */
    private final class StateWatcher extends ForwardingLoadBalancerHelper {

        @Override
        protected Helper delegate() {
            return helper;
        }

        @Override
        public void updateBalancingState(ConnectivityState state, SubchannelPicker picker) {
            if (reporting == this) {
                super.updateBalancingState(state, picker);
                onState(state);
            }
        }
    }

    private static final class Provider extends LoadBalancerProvider {

        @Override
        public LoadBalancer newLoadBalancer(Helper helper) {
            return new ReconnectingBalancer(helper);
        }

        @Override
        public String getPolicyName() {
            return POLICY;
        }

        @Override
        public boolean isAvailable() {
            return true;
        }

        @Override
        public int getPriority() {
            return 0;
        }
    }
}
