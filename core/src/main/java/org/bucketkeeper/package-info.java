/** The face of the library: one builder for each role that a process can have in a cluster. */
@NullMarked
package org.bucketkeeper;

import org.jspecify.annotations.NullMarked;
