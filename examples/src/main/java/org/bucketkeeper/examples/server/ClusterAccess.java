package org.bucketkeeper.examples.server;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.ClusterServer;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.Guard;
import org.bucketkeeper.ownership.NotOwner;
import org.bucketkeeper.routing.BucketView;

/** Lets this process work on the bases of the buckets that it owns in its cluster. */
record ClusterAccess(ClusterServer server) implements BaseAccess {

    @Override
    public CompletionStage<Permit> enter(String uuid, Duration maxWait) {
        return server.ownership().enterAsync(uuid, maxWait).thenApply(GuardPermit::new);
    }

    @Override
    public NotOwner refusal(Bucket bucket) {
        BucketView view = server.router().view(bucket);
        return new NotOwner(bucket, view.assignedTo(), view.assignmentRevision());
    }

    private record GuardPermit(Guard guard) implements Permit {

        @Override
        public Bucket bucket() {
            return guard.bucket();
        }

        @Override
        public long fencingToken() {
            return guard.fencingToken();
        }

        @Override
        public boolean isValid() {
            return guard.isValid();
        }

        @Override
        public void close() {
            guard.close();
        }
    }
}
