package org.bucketkeeper.etcd;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Gives every call the limits that jetcd leaves out: a deadline to all that ask and get an answer, also to the stream
 * of a single keepalive, and an end for good to all that watch.
 *
 * <p>jetcd opens a broken watch again by itself, from the revision that the store has by then, and so skips what
 * happened in between; and it does nothing at all when the server ends a watch in an orderly way. Both ends are turned
 * into a status after which jetcd reports an error and gives up.
 */
final class CallRules implements ClientInterceptor {

    private static final String WATCH_SERVICE = "etcdserverpb.Watch";

    private final Duration deadline;

    CallRules(Duration deadline) {
        this.deadline = deadline;
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return WATCH_SERVICE.equals(method.getServiceName())
                ? new FinalWatch<>(next.newCall(method, options))
                : next.newCall(method, options.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS));
    }

    private static final class FinalWatch<Q, R> extends SimpleForwardingClientCall<Q, R> {

        FinalWatch(ClientCall<Q, R> call) {
            super(call);
        }

        @Override
        public void start(Listener<R> listener, Metadata headers) {
            super.start(
                    new SimpleForwardingClientCallListener<R>(listener) {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            super.onClose(endForGood(status), trailers);
                        }
                    },
                    headers);
        }

        private static Status endForGood(Status status) {
            return status.isOk()
                    ? Status.ABORTED.withDescription("the server ended the watch")
                    : Status.ABORTED
                            .withDescription("the watch was cut off: " + Errors.describe(status.asRuntimeException()))
                            .withCause(status.getCause());
        }
    }
}
