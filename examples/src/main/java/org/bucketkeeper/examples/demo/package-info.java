/** The demonstration: a small cluster lives through a bad day, and each step is shown and checked. */
@NullMarked
package org.bucketkeeper.examples.demo;

import org.jspecify.annotations.NullMarked;
