/** Shows what a cluster of more processes than one machine can run asks of its store. */
@NullMarked
package org.bucketkeeper.testing.scale;

import org.jspecify.annotations.NullMarked;
