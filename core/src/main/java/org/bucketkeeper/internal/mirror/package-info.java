/** A local copy of the cluster's keys, kept current by a watch; not for users. */
@NullMarked
package org.bucketkeeper.internal.mirror;

import org.jspecify.annotations.NullMarked;
