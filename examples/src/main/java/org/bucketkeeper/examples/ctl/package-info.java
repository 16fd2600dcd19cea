/** The command line for operators: how the cluster stands, and what steers it. */
@NullMarked
package org.bucketkeeper.examples.ctl;

import org.jspecify.annotations.NullMarked;
