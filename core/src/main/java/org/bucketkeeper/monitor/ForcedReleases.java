package org.bucketkeeper.monitor;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.driver.EventLoop;
import org.bucketkeeper.internal.cluster.ClusterLink;
import org.bucketkeeper.internal.text.JsonMappers;
import org.bucketkeeper.store.CommitResult;
import org.bucketkeeper.store.Entry;
import org.bucketkeeper.store.Lease;
import org.bucketkeeper.store.StoreException;
import org.bucketkeeper.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Asks owners to give up claims whose release hangs, and waits until they have. It never deletes a claim itself: only
 * the owner can make its guards invalid before the next owner begins.
 */
final class ForcedReleases {

    private static final ObjectMapper JSON = JsonMappers.builder().build();

    private final ClusterLink link;
    private final Duration timeout;
    private final Duration requestTtl;
    private final List<Wish> wishes = new ArrayList<>();

    private record Wish(Bucket bucket, long token, CompletableFuture<Void> done) {}

    ForcedReleases(ClusterLink link, Duration timeout, Duration requestTtl) {
        this.link = link;
        this.timeout = timeout;
        this.requestTtl = requestTtl;
    }

    /** Completes {@code done} when the claim is gone, or exceptionally. */
    void ask(Bucket bucket, long token, CompletableFuture<Void> done) {
        requireClaim(bucket, token)
                .thenCompose(found -> link.store().grantLease(requestTtl))
                .whenComplete((lease, failure) -> {
                    if (failure != null) {
                        done.completeExceptionally(causeOf(failure));
                    } else {
                        link.loop().execute(() -> write(new Wish(bucket, token, done), lease));
                    }
                });
    }

    /** Completes what is done. To be called on the loop after each change. */
    void lookAgain() {
        for (Wish wish : List.copyOf(wishes)) {
            Entry claim = link.mirror().get(link.keys().claim(wish.bucket()));
            boolean known = link.mirror().revision() >= wish.token();
            if (known && (claim == null || claim.createRevision() != wish.token())) {
                wish.done().complete(null);
            }
        }
    }

    private CompletionStage<Void> requireClaim(Bucket bucket, long token) {
        String claimKey = link.keys().claim(bucket);
        return link.store().read(claimKey).thenAccept(claims -> requireClaim(bucket, token, claims.entry(claimKey)));
    }

    private static void requireClaim(Bucket bucket, long token, @Nullable Entry claim) {
        if (claim == null) {
            throw new OperationRefusedException("nobody has a claim on bucket " + bucket);
        }
        if (claim.createRevision() != token) {
            throw new OperationRefusedException("the claim on bucket " + bucket + " has token " + claim.createRevision()
                    + ", not " + token + ": look again before you force it");
        }
    }

    private void write(Wish wish, Lease lease) {
        wishes.add(wish);
        EventLoop.Timer timer = link.loop().schedule(timeout, () -> wish.done().completeExceptionally(unheard(wish)));
        CompletionStage<Void> ended = wish.done();
        ended.whenComplete((nothing, failure) -> {
            link.store().revokeLease(lease.id());
            link.loop().execute(() -> {
                timer.cancel();
                wishes.remove(wish);
            });
        });
        Transaction transaction = Transaction.builder()
                .ifCreatedAt(link.keys().claim(wish.bucket()), wish.token())
                .putUnder(
                        lease.id(),
                        link.keys().forcedRelease(wish.bucket()),
                        JSON.createObjectNode().put("token", wish.token()).toString())
                .build();
        // Without an answer to the commit the wish may stand all the same: then the claim will tell.
        link.store()
                .commit(transaction)
                .whenComplete((result, failure) -> link.loop().execute(() -> {
                    if (result instanceof CommitResult.Rejected) {
                        wish.done().complete(null);
                    } else {
                        link.mirror().refresh();
                    }
                }));
    }

    private StoreException unheard(Wish wish) {
        return new StoreException("the owner of bucket " + wish.bucket() + " did not react within " + timeout
                + ", so its claim with token " + wish.token() + " stands. If it does not release the bucket, there is"
                + " nothing to force; if its process is dead or cut off, the claim ends with its lease; otherwise it is"
                + " the process that has to be stopped");
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof OperationRefusedException ? cause : StoreException.from(failure);
    }
}
