package org.bucketkeeper.store;

/** Is told what a watch reports. */
@FunctionalInterface
public interface WatchListener {

    /**
     * Takes one event. Called for one event at a time, on a thread of the store; must not block and must not throw.
     * Not called after {@link WatchEvent.Ended}; a call that is under way when the watch is closed may still be
     * finished.
     */
    void onEvent(WatchEvent event);
}
