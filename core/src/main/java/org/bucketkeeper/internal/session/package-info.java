/** Holding a key in the store under a lease; not for users. */
@NullMarked
package org.bucketkeeper.internal.session;

import org.jspecify.annotations.NullMarked;
