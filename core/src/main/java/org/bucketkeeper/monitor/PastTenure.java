package org.bucketkeeper.monitor;

import java.time.Instant;
import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * Who owned a bucket for a time, as the leading monitor of that time saw it. The times are of the monitors' clocks, which
 * may differ; what orders tenures for certain is the token.
 *
 * @param bucket the bucket
 * @param nodeId the owner
 * @param incarnation which run of that node
 * @param fencingToken the token of the tenure; later ones have larger ones
 * @param since when a monitor first saw it; after it began
 * @param until when a monitor first saw that it had ended; null while it lasts
 */
public record PastTenure(
        Bucket bucket,
        String nodeId,
        String incarnation,
        long fencingToken,
        Instant since,
        @Nullable Instant until) {}
