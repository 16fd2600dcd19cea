package org.bucketkeeper.testing.simulation;

import org.bucketkeeper.ownership.Tenure;

/** What a server's application was told of one tenure so far. */
final class TenureRecord {

    private final ServerProcess server;
    private final Tenure tenure;
    private State state = State.HELD;

    enum State {
        HELD,
        RELEASING,
        RELEASE_FAILED,
        RELEASED,
        LOST
    }

    TenureRecord(ServerProcess server, Tenure tenure) {
        this.server = server;
        this.tenure = tenure;
    }

    ServerProcess server() {
        return server;
    }

    Tenure tenure() {
        return tenure;
    }

    State state() {
        return state;
    }

    void enter(State newState) {
        state = newState;
    }

    /** Tells whether the application may still hold something of the bucket. */
    boolean isLoaded() {
        return state != State.RELEASED && state != State.LOST;
    }

    /** Tells whether the library says at this moment that nobody else can own the bucket, and somebody relies on it. */
    boolean claimsExclusion() {
        return isLoaded() && !server.process().machine().isDead() && tenure.isValid();
    }

    @Override
    public String toString() {
        return server.process() + " holds " + tenure + " (" + state + ")";
    }
}
