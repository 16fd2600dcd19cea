/** Several programs of a deployment in one process, as operators of SeaTable start theirs. */
@NullMarked
package org.bucketkeeper.examples.start;

import org.jspecify.annotations.NullMarked;
