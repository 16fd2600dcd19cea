package org.bucketkeeper.internal.session;

import java.time.Duration;
import org.bucketkeeper.store.Entry;
import org.jspecify.annotations.Nullable;

/**
 * A key that a session holds.
 *
 * @param leaseId the lease that the key lives under; names the session, and is never used by another one
 * @param ttl the granted time to live
 * @param revision the revision that wrote the key: whoever compares with it knows that the session still held
 */
public record Held(long leaseId, Duration ttl, long revision) {

    boolean isShownBy(@Nullable Entry entry) {
        return entry != null && entry.leaseId() == leaseId && entry.modRevision() == revision;
    }
}
