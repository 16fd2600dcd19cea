/** The cluster monitor as a program of its own. */
@NullMarked
package org.bucketkeeper.examples.monitor;

import org.jspecify.annotations.NullMarked;
