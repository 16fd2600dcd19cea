package org.bucketkeeper.testing;

/** No hold at all: the server is one that the caller runs and named. */
final class NamedServer implements ServerControl {

    private final ServerSource.Named named;

    NamedServer(ServerSource.Named named) {
        this.named = named;
    }

    @Override
    public void start() {
        throw refusal("start");
    }

    @Override
    public void stop() {
        throw refusal("stop");
    }

    @Override
    public void kill() {
        throw refusal("kill");
    }

    @Override
    public void pause() {
        throw refusal("pause");
    }

    @Override
    public void resume() {
        throw refusal("resume");
    }

    @Override
    public void close() {
        // The server was there before the test and stays.
    }

    private UnsupportedOperationException refusal(String wish) {
        return new UnsupportedOperationException("Cannot " + wish + " the server " + named.endpoints()
                + ": the caller runs it. Ask the fixture's builder for a controllable one");
    }
}
