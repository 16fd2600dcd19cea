package org.bucketkeeper.routing;

import java.time.Duration;

/**
 * How far a router's table can be trusted.
 *
 * @param health whether changes are heard of as they happen
 * @param tableAge how long ago the store was last heard of; while connected it grows with nothing to report and means
 *     no harm, while disconnected the table may be out of date by as much
 * @param revision the revision of the assignment in force; 0 if none was read yet
 * @param version the number of the assignment in force; 0 if none was read yet
 */
public record RouterStatus(StoreHealth health, Duration tableAge, long revision, long version) {}
