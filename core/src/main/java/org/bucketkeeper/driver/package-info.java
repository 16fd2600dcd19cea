/** Time, scheduling and threads: the only package that reads a clock or starts a thread. */
@NullMarked
package org.bucketkeeper.driver;

import org.jspecify.annotations.NullMarked;
