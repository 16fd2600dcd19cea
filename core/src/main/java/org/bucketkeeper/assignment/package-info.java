/** Assignment: which node each bucket belongs to, and the pure function that changes it. */
@NullMarked
package org.bucketkeeper.assignment;

import org.jspecify.annotations.NullMarked;
