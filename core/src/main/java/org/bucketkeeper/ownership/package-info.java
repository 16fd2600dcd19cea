/** One owner at a time: claims, guards, hand-over. */
@NullMarked
package org.bucketkeeper.ownership;

import org.jspecify.annotations.NullMarked;
