package org.bucketkeeper.examples.proxy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a request certainly did not run, so that it may be sent again.
 *
 * @param cause what stood in the way
 * @param why the same for people
 * @param tried where it was sent; null if nowhere
 */
record Setback(Cause cause, String why, Destination.@Nullable Target tried) {

    /** What stood in the way. */
    enum Cause {
        /** Nobody serves the bucket. */
        NO_OWNER(503),
        /** The server said that the bucket is not its own. */
        NOT_OWNER(503),
        /** The server took no connection. */
        OWNER_UNREACHABLE(502),
        /** As many requests as may be are under way to the server. */
        TOO_BUSY(503);

        private final int status;

        Cause(int status) {
            this.status = status;
        }

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns what to say to the client when there is no more time. */
    ProxyAnswer answer() {
        return ProxyAnswer.didNotRun(cause.status, cause.code(), why);
    }
}
