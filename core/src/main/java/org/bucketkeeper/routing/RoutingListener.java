package org.bucketkeeper.routing;

import java.util.List;

/**
 * Is told which buckets are served elsewhere. Calls are made one at a time, in the order of the changes, on a thread of
 * the library that serves listeners only; a listener that throws is logged and called again at the next change, one
 * that blocks delays the calls after it.
 */
@FunctionalInterface
public interface RoutingListener {

    /**
     * The router routes by a new table already.
     *
     * @param revision the revision of the assignment in force
     * @param changes what differs from before, ordered by bucket; not empty; unmodifiable
     */
    void routesChanged(long revision, List<RouteChange> changes);
}
