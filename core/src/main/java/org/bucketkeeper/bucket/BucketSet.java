package org.bucketkeeper.bucket;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Holds any of the 256 buckets in four words, so that sets of buckets are cheap to keep, compare and combine.
 * Immutable and thread-safe; every operation takes constant time, or time in the number of members where it visits
 * them. Iteration goes upwards by index.
 */
public final class BucketSet implements Iterable<Bucket> {

    /** The set with no bucket. */
    public static final BucketSet EMPTY = new BucketSet(0, 0, 0, 0);

    /** The set with all 256 buckets. */
    public static final BucketSet ALL = new BucketSet(-1, -1, -1, -1);

    private final long word0;
    private final long word1;
    private final long word2;
    private final long word3;

    private BucketSet(long word0, long word1, long word2, long word3) {
        this.word0 = word0;
        this.word1 = word1;
        this.word2 = word2;
        this.word3 = word3;
    }

    /** Returns the set of {@code buckets}; repetitions count once. */
    public static BucketSet of(Bucket... buckets) {
        BucketSet set = EMPTY;
        for (Bucket bucket : buckets) {
            set = set.with(bucket);
        }
        return set;
    }

    /** Returns this set with {@code bucket} in it. */
    public BucketSet with(Bucket bucket) {
        return union(single(bucket));
    }

    /** Returns this set with {@code bucket} not in it. */
    public BucketSet without(Bucket bucket) {
        return minus(single(bucket));
    }

    /** Returns the buckets that are in this set or in {@code other}. */
    public BucketSet union(BucketSet other) {
        return new BucketSet(word0 | other.word0, word1 | other.word1, word2 | other.word2, word3 | other.word3);
    }

    /** Returns the buckets that are in this set and in {@code other}. */
    public BucketSet intersection(BucketSet other) {
        return new BucketSet(word0 & other.word0, word1 & other.word1, word2 & other.word2, word3 & other.word3);
    }

    /** Returns the buckets that are in this set and not in {@code other}. */
    public BucketSet minus(BucketSet other) {
        return new BucketSet(word0 & ~other.word0, word1 & ~other.word1, word2 & ~other.word2, word3 & ~other.word3);
    }

    /** Tells whether {@code bucket} is in this set. */
    public boolean contains(Bucket bucket) {
        return (word(bucket.index() >>> 6) & bit(bucket)) != 0;
    }

    /** Returns the number of buckets in this set, 0 to 256. */
    public int size() {
        return Long.bitCount(word0) + Long.bitCount(word1) + Long.bitCount(word2) + Long.bitCount(word3);
    }

    /** Tells whether no bucket is in this set. */
    public boolean isEmpty() {
        return (word0 | word1 | word2 | word3) == 0;
    }

    @Override
    public Iterator<Bucket> iterator() {
        return new Members();
    }

    private static BucketSet single(Bucket bucket) {
        long bit = bit(bucket);
        return switch (bucket.index() >>> 6) {
            case 0 -> new BucketSet(bit, 0, 0, 0);
            case 1 -> new BucketSet(0, bit, 0, 0);
            case 2 -> new BucketSet(0, 0, bit, 0);
            default -> new BucketSet(0, 0, 0, bit);
        };
    }

    private static long bit(Bucket bucket) {
        return 1L << (bucket.index() & 63);
    }

    private long word(int i) {
        return switch (i) {
            case 0 -> word0;
            case 1 -> word1;
            case 2 -> word2;
            default -> word3;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BucketSet set
                && word0 == set.word0
                && word1 == set.word1
                && word2 == set.word2
                && word3 == set.word3;
    }

    @Override
    public int hashCode() {
        return Objects.hash(word0, word1, word2, word3);
    }

    /** Returns the members as runs, such as {@code [00..3f, 80]}. */
    @Override
    public String toString() {
        StringJoiner runs = new StringJoiner(", ", "[", "]");
        int i = 0;
        while (i < Bucket.COUNT) {
            if (!contains(Bucket.of(i))) {
                i++;
                continue;
            }
            int first = i;
            while (i < Bucket.COUNT && contains(Bucket.of(i))) {
                i++;
            }
            String start = Bucket.of(first).toString();
            runs.add(i - 1 == first ? start : start + ".." + Bucket.of(i - 1));
        }
        return runs.toString();
    }

    private final class Members implements Iterator<Bucket> {

        private int wordIndex;
        private long rest = word0;

        @Override
        public boolean hasNext() {
            while (rest == 0 && wordIndex < 3) {
                wordIndex++;
                rest = word(wordIndex);
            }
            return rest != 0;
        }

        @Override
        public Bucket next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int bit = Long.numberOfTrailingZeros(rest);
            rest &= rest - 1;
            return Bucket.of(wordIndex * 64 + bit);
        }
    }
}
