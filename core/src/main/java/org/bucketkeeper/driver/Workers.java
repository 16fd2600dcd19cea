package org.bucketkeeper.driver;

/** Runs calls of the application, which may block or never return, where they hold up nothing else. */
public interface Workers extends AutoCloseable {

    /** Runs {@code call} soon, beside others; returns at once. Does nothing after {@link #close()}. */
    void run(Runnable call);

    /** Takes no more calls; those that run are left to end. */
    @Override
    void close();

    /** Returns workers that take turns on {@code loop}, for simulation; closing them leaves it open. */
    static Workers on(EventLoop loop) {
        return new Workers() {
            @Override
            public void run(Runnable call) {
                loop.execute(call);
            }

            @Override
            public void close() {}
        };
    }
}
