/** The store SPI: what an adapter must do so that a cluster can be coordinated through it. */
@NullMarked
package org.bucketkeeper.store;

import org.jspecify.annotations.NullMarked;
