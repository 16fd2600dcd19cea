package org.bucketkeeper.examples.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.ownership.NotOwner;

/**
 * Lets this process work on every base, because it is the only server there is.
 *
 * <p>Nothing protects from a second server on the same storage: both would keep the same bases in memory, each blind to
 * what the other stores, and no token turns either's writes away. That there is one server only is the operator's to
 * see to.
 */
record AloneAccess() implements BaseAccess {

    @Override
    public CompletionStage<Permit> enter(String uuid, Duration maxWait) {
        return CompletableFuture.completedFuture(new Always(Bucket.of(uuid)));
    }

    @Override
    public NotOwner refusal(Bucket bucket) {
        return new NotOwner(bucket, null, 0);
    }

    private record Always(Bucket bucket) implements Permit {

        @Override
        public long fencingToken() {
            return BaseStorage.NO_TOKEN;
        }

        @Override
        public boolean isValid() {
            return true;
        }

        @Override
        public void close() {
            // Nobody waits for it.
        }
    }
}
