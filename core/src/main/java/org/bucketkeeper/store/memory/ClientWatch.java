package org.bucketkeeper.store.memory;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.bucketkeeper.store.Watch;
import org.bucketkeeper.store.WatchEvent;
import org.bucketkeeper.store.WatchListener;

/** The client's side of a watch: passes events on until it is closed or ended. Used on the loop only, save close. */
final class ClientWatch implements Watch {

    private final String prefix;
    private final WatchListener listener;
    private final BooleanSupplier clientClosed;
    private final Consumer<ClientWatch> onClose;
    private volatile boolean closed;
    private boolean broken;
    private boolean ended;

    ClientWatch(String prefix, WatchListener listener, BooleanSupplier clientClosed, Consumer<ClientWatch> onClose) {
        this.prefix = prefix;
        this.listener = listener;
        this.clientClosed = clientClosed;
        this.onClose = onClose;
    }

    String prefix() {
        return prefix;
    }

    boolean isOpen() {
        return !closed && !ended && !clientClosed.getAsBoolean();
    }

    /** Reports an event that arrived. */
    void receive(WatchEvent event) {
        if (isOpen() && !broken) {
            ended = event instanceof WatchEvent.Ended;
            listener.onEvent(event);
        }
    }

    /** Reports nothing more but the end, since a message of this watch got lost. */
    void breakOff() {
        broken = true;
    }

    /** Reports the end, also on a watch that was broken off. */
    void end(WatchEvent.Ended end) {
        broken = false;
        receive(end);
    }

    @Override
    public void close() {
        closed = true;
        onClose.accept(this);
    }
}
