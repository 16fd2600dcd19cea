package org.bucketkeeper.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds BucketSet against java.util's sets. */
class BucketSetTest {

    private static final int RUNS = 2_000;

    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void behavesLikeASetOfBuckets() {
        for (int run = 0; run < RUNS; run++) {
            SortedSet<Bucket> model = randomModel();
            BucketSet set = setOf(model);

            assertThat(set).as("run %d", run).containsExactlyElementsOf(model);
            assertThat(set.size()).isEqualTo(model.size());
            assertThat(set.isEmpty()).isEqualTo(model.isEmpty());
            for (int i = 0; i < Bucket.COUNT; i++) {
                assertThat(set.contains(Bucket.of(i))).isEqualTo(model.contains(Bucket.of(i)));
            }
        }
    }

    @Test
    void combinesLikeSets() {
        for (int run = 0; run < RUNS; run++) {
            SortedSet<Bucket> left = randomModel();
            SortedSet<Bucket> right = randomModel();
            TreeSet<Bucket> union = new TreeSet<>(left);
            union.addAll(right);
            TreeSet<Bucket> intersection = new TreeSet<>(left);
            intersection.retainAll(right);
            TreeSet<Bucket> difference = new TreeSet<>(left);
            difference.removeAll(right);

            assertThat(setOf(left).union(setOf(right))).as("run %d", run).isEqualTo(setOf(union));
            assertThat(setOf(left).intersection(setOf(right))).isEqualTo(setOf(intersection));
            assertThat(setOf(left).minus(setOf(right))).isEqualTo(setOf(difference));
        }
    }

    @Test
    void equalsIsByMembers() {
        BucketSet set = BucketSet.of(Bucket.of(0), Bucket.of(255));

        assertThat(set).isEqualTo(BucketSet.of(Bucket.of(255), Bucket.of(0), Bucket.of(0)));
        assertThat(set).hasSameHashCodeAs(BucketSet.of(Bucket.of(255), Bucket.of(0)));
        assertThat(set).isNotEqualTo(set.without(Bucket.of(0)));
    }

    @Test
    void allHoldsEveryBucketAndEmptyNone() {
        assertThat(BucketSet.ALL.size()).isEqualTo(Bucket.COUNT);
        assertThat(BucketSet.EMPTY).isEmpty();
        assertThat(BucketSet.ALL.minus(BucketSet.ALL)).isEqualTo(BucketSet.EMPTY);
    }

    @Test
    void showsItsMembersAsRuns() {
        BucketSet set = BucketSet.of(Bucket.of(0), Bucket.of(1), Bucket.of(2), Bucket.of(0x80), Bucket.of(255));

        assertThat(set).hasToString("[00..02, 80, ff]");
    }

    private SortedSet<Bucket> randomModel() {
        TreeSet<Bucket> model = new TreeSet<>();
        int members = random.nextInt(Bucket.COUNT + 1);
        for (int i = 0; i < members; i++) {
            model.add(Bucket.of(random.nextInt(Bucket.COUNT)));
        }
        return model;
    }

    private static BucketSet setOf(SortedSet<Bucket> model) {
        return BucketSet.of(model.toArray(Bucket[]::new));
    }
}
