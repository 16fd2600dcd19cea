package org.bucketkeeper.assignment;

import java.util.Arrays;
import java.util.Map;
import org.bucketkeeper.bucket.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * Tells how much work each bucket makes, so that a plan can spread the work and not only the number of buckets. The
 * unit is the caller's: requests a second, megabytes, open bases. Immutable and thread-safe.
 */
public final class BucketLoads {

    /** Keeps the total of all buckets finite. */
    private static final double MAX_LOAD = 1e300;

    private final double[] loads;

    private BucketLoads(double[] loads) {
        this.loads = loads;
    }

    /**
     * Returns loads given bucket by bucket; a bucket that the map does not name has load 0.
     *
     * @param loads each 0 to 1e300
     * @throws IllegalArgumentException if a load is negative, not a number or too large; the message names the bucket
     */
    public static BucketLoads of(Map<Bucket, Double> loads) {
        double[] copy = new double[Bucket.COUNT];
        loads.forEach((bucket, load) -> copy[bucket.index()] = load);
        return ofArray(copy);
    }

    /**
     * Returns loads given in the order of the buckets.
     *
     * @param loads 256 values, each 0 to 1e300; copied
     * @throws IllegalArgumentException if there are not 256 of them, or one is negative, not a number or too large
     */
    public static BucketLoads of(double[] loads) {
        if (loads.length != Bucket.COUNT) {
            throw new IllegalArgumentException("loads must be " + Bucket.COUNT + " values, but are " + loads.length);
        }
        return ofArray(loads.clone());
    }

    /** Returns a load of 1 for every bucket. */
    public static BucketLoads uniform() {
        double[] ones = new double[Bucket.COUNT];
        Arrays.fill(ones, 1);
        return new BucketLoads(ones);
    }

    private static BucketLoads ofArray(double[] owned) {
        for (int i = 0; i < owned.length; i++) {
            if (!(owned[i] >= 0 && owned[i] <= MAX_LOAD)) {
                throw new IllegalArgumentException(
                        "load of bucket " + Bucket.of(i) + " must be 0 to " + MAX_LOAD + ", but is " + owned[i]);
            }
            // Adding zero turns -0.0 into 0.0, so that equal loads have equal bits.
            owned[i] += 0.0;
        }
        return new BucketLoads(owned);
    }

    /** Returns the load of {@code bucket}, 0 to 1e300. */
    public double loadOf(Bucket bucket) {
        return loads[bucket.index()];
    }

    /** Returns a copy that the caller may change. */
    double[] toArray() {
        return loads.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BucketLoads that && Arrays.equals(loads, that.loads);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(loads);
    }

    @Override
    public String toString() {
        return "BucketLoads" + Arrays.toString(loads);
    }
}
