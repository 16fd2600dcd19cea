/** What the programs of the deployment have in common: how they are told of their cluster, start, and stop in order. */
@NullMarked
package org.bucketkeeper.examples.program;

import org.jspecify.annotations.NullMarked;
