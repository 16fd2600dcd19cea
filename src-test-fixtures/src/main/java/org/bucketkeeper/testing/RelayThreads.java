package org.bucketkeeper.testing;

/** Starts the relay's threads: all daemons, so that a forgotten relay keeps no JVM alive. */
final class RelayThreads {

    private RelayThreads() {}

    static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, "bucketkeeper-relay-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
