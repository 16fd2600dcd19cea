package org.bucketkeeper.examples.demo;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import org.bucketkeeper.assignment.Assignment;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.routing.BucketRouter;

/**
 * A base that is looked up again and again.
 *
 * @param uuid its identity
 */
record SampleBase(UUID uuid) {

    /**
     * Returns a base that a node has.
     *
     * @param random draws the bases to choose from
     * @throws DemoException if the node has no bucket
     */
    static SampleBase servedBy(String nodeId, Assignment table, SplittableRandom random) {
        if (table.count(nodeId) == 0) {
            throw new DemoException(nodeId + " has no bucket to take a sample from");
        }
        while (true) {
            UUID uuid = new UUID(random.nextLong(), random.nextLong());
            if (nodeId.equals(table.nodeOf(Bucket.of(uuid)))) {
                return new SampleBase(uuid);
            }
        }
    }

    String dashed() {
        return uuid.toString();
    }

    /** Returns the form without dashes, in capitals here to show that case does not matter. */
    String undashed() {
        return dashed().replace("-", "").toUpperCase(Locale.ROOT);
    }

    /** Tells whether every form that the base's identity can have leads to the same node. */
    boolean everyFormRoutesAlike(BucketRouter router) {
        String node = router.route(uuid).node().nodeId();
        return node.equals(router.route(dashed()).node().nodeId())
                && node.equals(router.route(undashed()).node().nodeId());
    }
}
