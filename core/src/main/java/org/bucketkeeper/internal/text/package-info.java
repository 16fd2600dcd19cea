/** Text in messages; not for users. */
@NullMarked
package org.bucketkeeper.internal.text;

import org.jspecify.annotations.NullMarked;
