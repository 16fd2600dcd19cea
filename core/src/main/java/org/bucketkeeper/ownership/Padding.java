package org.bucketkeeper.ownership;

/**
 * Takes up a cache line, so that the counter of one bucket and whatever the allocator puts before it do not share one:
 * threads that work on different buckets must not slow each other down.
 */
@SuppressWarnings({"unused", "FieldCanBeLocal"})
abstract class Padding {

    private long p1;
    private long p2;
    private long p3;
    private long p4;
    private long p5;
    private long p6;
    private long p7;
    private long p8;
}
