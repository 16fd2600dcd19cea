package org.bucketkeeper.ownership;

import java.time.Duration;
import java.util.List;
import org.bucketkeeper.bucket.Bucket;
import org.bucketkeeper.bucket.BucketSet;

/**
 * What a server owns at this moment, for its metrics and for whoever looks after it.
 *
 * @param owned the buckets for which guards are given out
 * @param acquiring the buckets that are assigned to this server and not owned yet
 * @param releases the hand-overs that have not ended yet, by bucket; empty if all is quiet. One whose age grows is
 *     stuck: its claim is kept until it ends or an operator forces it
 */
public record OwnershipStatus(BucketSet owned, BucketSet acquiring, List<Release> releases) {

    static final OwnershipStatus NOTHING = new OwnershipStatus(BucketSet.EMPTY, BucketSet.EMPTY, List.of());

    /** Makes the list unmodifiable. */
    public OwnershipStatus {
        releases = List.copyOf(releases);
    }

    /**
     * A hand-over that has not ended yet.
     *
     * @param bucket the bucket
     * @param fencingToken the token of its claim, which an operator names to force the release
     * @param phase what it waits for
     * @param age the time since it began
     */
    public record Release(Bucket bucket, long fencingToken, ReleasePhase phase, Duration age) {}

    /** What a hand-over waits for. */
    public enum ReleasePhase {
        /** The application has not finished acquiring it. */
        ACQUIRING,
        /** Guards are still open. */
        DRAINING,
        /** The application flushes and unloads. */
        FLUSHING,
        /** The store deletes the claim. */
        DELETING_CLAIM
    }

    /** Returns this status as it is a while later, if nothing but time has gone by. */
    OwnershipStatus after(Duration elapsed) {
        List<Release> older = releases.stream()
                .map(release -> new Release(
                        release.bucket(),
                        release.fencingToken(),
                        release.phase(),
                        release.age().plus(elapsed)))
                .toList();
        return new OwnershipStatus(owned, acquiring, older);
    }

    /** Returns the age of the oldest hand-over that has not ended yet; zero if there is none. */
    public Duration longestRelease() {
        Duration longest = Duration.ZERO;
        for (Release release : releases) {
            longest = release.age().compareTo(longest) > 0 ? release.age() : longest;
        }
        return longest;
    }
}
