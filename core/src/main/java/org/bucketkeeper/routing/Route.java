package org.bucketkeeper.routing;

import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.NodeInfo;

/**
 * Where the bases of one bucket are served.
 *
 * @param bucket the bucket
 * @param node the node that the bucket is assigned to, with both its URLs; as last heard of, if it is not registered now
 * @param revision the revision of the assignment that says so; a larger one is newer
 */
public record Route(Bucket bucket, NodeInfo node, long revision) {}
