package org.bucketkeeper.routing;

import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.NodeInfo;
import org.jspecify.annotations.Nullable;

/**
 * A bucket that is served elsewhere than before, or whose node has other URLs than before.
 *
 * @param bucket the bucket
 * @param from the node that served it; null if none did
 * @param to the node that serves it now; null if none does
 */
public record RouteChange(
        Bucket bucket, @Nullable NodeInfo from, @Nullable NodeInfo to) {}
