/** Buckets: the 256 units of work that a cluster spreads over its nodes. */
@NullMarked
package org.bucketkeeper.bucket;

import org.jspecify.annotations.NullMarked;
