/** The benchmarks: what routing and planning cost beside the floor of what they could cost. */
@NullMarked
package org.bucketkeeper.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
