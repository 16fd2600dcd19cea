/** The cluster monitor: the elected process that assigns buckets to live nodes. */
@NullMarked
package org.bucketkeeper.monitor;

import org.jspecify.annotations.NullMarked;
