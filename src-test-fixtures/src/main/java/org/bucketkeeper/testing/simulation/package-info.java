/**
 * Runs the production classes through seeded disasters in virtual time, and checks after every step what the library
 * promises: {@link org.bucketkeeper.testing.simulation.Simulation} is the way in.
 */
@NullMarked
package org.bucketkeeper.testing.simulation;

import org.jspecify.annotations.NullMarked;
