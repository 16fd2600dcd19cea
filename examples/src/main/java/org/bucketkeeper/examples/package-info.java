/** The runnable jar: a demonstration and benchmarks, written to be read and copied from. */
@NullMarked
package org.bucketkeeper.examples;

import org.jspecify.annotations.NullMarked;
