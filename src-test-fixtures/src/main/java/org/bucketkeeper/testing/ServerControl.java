package org.bucketkeeper.testing;

/**
 * The hold that a fixture has over one server: a child process, a container, or none at all over a server that the
 * caller named.
 */
interface ServerControl extends AutoCloseable {

    /** Starts the server, or starts it again on the data and ports it had, and returns when it answers. */
    void start();

    /** Asks the server to end in an orderly way and returns when it has. */
    void stop();

    /** Ends the server without giving it time for anything, as a crash would. */
    void kill();

    /** Freezes the server: its connections stay open and nothing is answered. */
    void pause();

    /** Lets a frozen server go on. */
    void resume();

    /** Ends the server and removes its data. */
    @Override
    void close();
}
