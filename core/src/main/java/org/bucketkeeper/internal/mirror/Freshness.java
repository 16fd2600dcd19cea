package org.bucketkeeper.internal.mirror;

/**
 * How current a mirror is.
 *
 * @param connected whether a watch is open, so that changes arrive as they happen
 * @param confirmedAt the loop's time, in nanoseconds, when the store was last heard of
 */
public record Freshness(boolean connected, long confirmedAt) {}
