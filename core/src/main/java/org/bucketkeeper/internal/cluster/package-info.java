/** One process's link to its cluster: loops, store, local copy and key names; not for users. */
@NullMarked
package org.bucketkeeper.internal.cluster;

import org.jspecify.annotations.NullMarked;
