package org.bucketkeeper.testing.simulation;

import java.util.SplittableRandom;

/**
 * Random numbers for each purpose from a stream of its own, so that leaving out one decision does not change the others:
 * what makes a failing run small again counts on it.
 */
final class Streams {

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private final long seed;

    Streams(long seed) {
        this.seed = seed;
    }

    SplittableRandom of(String purpose) {
        return of(purpose, 0);
    }

    SplittableRandom of(String purpose, long index) {
        return new SplittableRandom(mix(mix(seed + GOLDEN) ^ purpose.hashCode() * GOLDEN) + index * GOLDEN);
    }

    /** Spreads the bits of {@code value}. */
    static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
