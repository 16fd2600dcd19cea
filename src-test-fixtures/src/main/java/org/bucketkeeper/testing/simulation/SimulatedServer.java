package org.bucketkeeper.testing.simulation;

import java.time.Duration;

/** The server that a simulated application runs in: time, threads and storage as the simulation has them. */
public interface SimulatedServer {

    /** Returns the name under which the server is registered. */
    String nodeId();

    /**
     * Runs {@code task} on a thread of this server after a while, in virtual time, or later if the server is paused,
     * or never if it is killed. Whoever waits in any other way leaves the simulation.
     */
    void run(Duration delay, Runnable task);

    /** Returns the storage that all servers share. */
    TokenCheckedStorage storage();

    /** Says that the application broke a promise of its own; ends the run. */
    void fail(String what);
}
