/** The embedded store: full semantics in one process, for one-machine use, tests and simulation. */
@NullMarked
package org.bucketkeeper.store.memory;

import org.jspecify.annotations.NullMarked;
