/** What a storage needs in order to refuse the writes of a bucket's former owners. */
@NullMarked
package org.bucketkeeper.fencing;

import org.jspecify.annotations.NullMarked;
