package org.bucketkeeper.examples.proxy;

import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.membership.LiveNode;
import org.bucketkeeper.membership.NodeRegistry;
import org.bucketkeeper.routing.BucketRouter;
import org.bucketkeeper.routing.NoOwnerException;

/**
 * Says where a bucket's requests go: to the node that the table names, if it is registered now. Nothing in a request or
 * in an answer has a say in it, so that nobody can make the proxy call an address of theirs.
 *
 * <p>The router goes on naming a node whose registration is gone until the bucket is assigned anew; its address may be
 * another machine's by then.
 */
record Routes(BucketRouter router, NodeRegistry registry) {

    Destination of(Bucket bucket) {
        try {
            String nodeId = router.route(bucket).node().nodeId();
            LiveNode node = registry.node(nodeId);
            return node == null
                    ? new Destination.Nobody(
                            "bucket " + bucket + " is assigned to " + nodeId + ", which is not registered")
                    : new Destination.Target(nodeId, node.info().localNodeUrl());
        } catch (NoOwnerException e) {
            return new Destination.Nobody(String.valueOf(e.getMessage()));
        }
    }

    long revision() {
        return router.assignment().revision();
    }
}
