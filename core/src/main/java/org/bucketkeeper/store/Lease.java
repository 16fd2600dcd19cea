package org.bucketkeeper.store;

import java.time.Duration;

/**
 * A lease that the store granted: keys put under it vanish together when it is not renewed in time.
 *
 * @param id names the lease; never {@link #NONE}
 * @param ttl how long the lease lasts after a renewal; what the store granted, not what was asked for
 */
public record Lease(long id, Duration ttl) {

    /** Stands for no lease: a key put under it stays until it is deleted. */
    public static final long NONE = 0;
}
