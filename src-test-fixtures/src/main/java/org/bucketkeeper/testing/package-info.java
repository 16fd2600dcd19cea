/**
 * What tests of a cluster need: real stores that can be stopped, killed and paused, a relay that breaks connections on
 * command, and the rules that every store must keep.
 */
@NullMarked
package org.bucketkeeper.testing;

import org.jspecify.annotations.NullMarked;
