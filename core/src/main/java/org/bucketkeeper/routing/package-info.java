/** Routing: from a base's UUID to the node that serves it. */
@NullMarked
package org.bucketkeeper.routing;

import org.jspecify.annotations.NullMarked;
